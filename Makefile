# Tasks. `make help` lists them; every one runs on a fresh machine with a JDK 25, Maven and make.
SHELL := /bin/sh
JDK := $(shell ./stator --which-java)
MVN := JAVA_HOME=$(JDK) MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" mvn -B -ntp
T ?=
B ?=

.PHONY: help build test fmt bench bench-kernels bench-micro serve clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## compile and package, no tests
	$(MVN) -q -DskipTests package

test: ## the gate: format, warnings as errors, every test; T=Name runs one class
	@start=$$(date +%s); \
	$(MVN) test $(if $(T),-Dtest='$(T)' -Dsurefire.failIfNoSpecifiedTests=false) || exit 1; \
	tools/test-summary $$(( $$(date +%s) - start ))

fmt: ## format the sources
	$(MVN) -q spotless:apply

serve: ## everything in one process
	./stator serve

clean: ## remove what was built
	$(MVN) -q clean
