# Tasks. `make help` lists them; every one runs on a fresh machine with a JDK 25, Maven and make.
SHELL := /bin/sh
JDK := $(shell ./stator --which-java)
MVN := JAVA_HOME=$(JDK) MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" mvn -B -ntp
T ?=
B ?=

.PHONY: help build test system stress fmt bench bench-start bench-engine bench-stream bench-load bench-cluster bench-index soak-index bench-micro replay serve clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## compile and package, no tests
	$(MVN) -q -DskipTests package

test: ## the gate: format, warnings as errors, every test; T=Name runs one class
	@tools/install-servers
	@rm -rf target/surefire-reports; start=$$(date +%s); \
	$(MVN) test $(if $(T),-Dtest='$(T)' -Dsurefire.failIfNoSpecifiedTests=false) || exit 1; \
	tools/test-summary $$(( $$(date +%s) - start ))

system: ## a cluster of processes that loses its workers and brokers, with outages of full length
	@tools/install-servers
	$(MVN) test -Dtest='Cluster*Test' -Dsurefire.failIfNoSpecifiedTests=false -Dstator.outages=1

fmt: ## format the sources
	$(MVN) -q spotless:apply

stress: ## jcstress: lookups in the prefix index beside changes, three minutes
	@mkdir -p target
	tools/run-test-class org.openjdk.jcstress.Main -t dev.stator -m quick -r target/jcstress | tee target/stress.log
	@rm -f jcstress-results-*.bin.gz
	@grep -q 'Failed tests: No matches' target/stress.log && grep -q 'Error tests: No matches' target/stress.log

bench: bench-start bench-engine bench-stream bench-load bench-cluster bench-index bench-micro ## all measurements of BENCHMARKS.md, about half an hour

bench-start: ## cold start of ./stator serve to its first token
	tools/bench-start

bench-engine: ## prefill and decode of the CPU engine on random:qwen3-0.6b, beside the machine's limits
	tools/run-test-class dev.stator.engine.cpu.forward.ForwardBenchmark

bench-stream: ## tokens through SSE per core, and the latency that the frontend adds
	tools/run-test-class dev.stator.frontend.StreamBenchmark

bench-load: ## the whole path: 10,000 open streams, 1,000 short prompts a second, prompts of 220 KB
	tools/run-test-class dev.stator.system.LoadBenchmark

bench-cluster: ## request planes side by side, events through NATS, engine events through ZMQ
	@tools/install-servers
	tools/run-test-class dev.stator.runtime.requests.tcp.RequestPlaneBenchmark
	tools/run-test-class dev.stator.runtime.events.nats.NatsEventBenchmark
	tools/run-test-class dev.stator.engine.kvevents.KvEventsLoad

bench-index: ## the prefix index: bytes per held block, blocks applied per second while lookups run
	tools/run-test-class dev.stator.kv.index.packed.PrefixIndexLoad

soak-index: ## 30 minutes of prompts that never come again; prints by how much the live heap grows
	tools/run-test-class dev.stator.kv.index.packed.PrefixIndexSoak 30

bench-micro: ## JMH; B=PrefixIndex runs those whose name matches
	tools/run-test-class org.openjdk.jmh.Main '$(if $(B),$(B),.*)' -f 1 -wi 3 -i 5 -w 1 -r 1 -foe true

replay: ## routing on real traces against what must hold; B=Q4 measures that line only
	tools/run-test-class dev.stator.replay.offline.Scoreboard $(B)

serve: ## everything in one process
	./stator serve

clean: ## remove what was built
	$(MVN) -q clean
