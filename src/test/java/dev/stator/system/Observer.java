package dev.stator.system;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.launch.planes.Planes;
import dev.stator.launch.planes.PlanesConfig;
import dev.stator.routing.live.IndexFeed;
import dev.stator.routing.live.LiveWorker;
import dev.stator.routing.live.WorkerDirectory;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.events.EventLayout;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.tokens.SequenceHash;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A router's view of the cluster, in the test's own process: the same feed, directory and index as
/// a frontend has, open to questions.
final class Observer implements AutoCloseable {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("dynamo");
    private static final EngineInfo DEMO = new EngineInfo("demo", 2_048, 16, 0, 0, 0);
    private static final Duration AUDIT_PERIOD = Duration.ofSeconds(1);

    private final PackedPrefixIndex index = new PackedPrefixIndex();
    private final Planes planes;
    private final IndexFeed feed;
    private final WorkerDirectory directory;
    private final Thread audits;

    Observer(Cluster cluster) {
        planes =
                Planes.open(
                        new PlanesConfig(
                                new PlanesConfig.Registry.Etcd(
                                        List.of(cluster.etcd.endpoint().toString())),
                                new PlanesConfig.Events.Nats(
                                        cluster.nats.url(), EventLayout.READABLE, false),
                                new PlanesConfig.Requests.Tcp(0),
                                "127.0.0.1",
                                PlanesConfig.Credentials.NONE),
                        "observer");
        feed = IndexFeed.open(PROTOCOL, index, planes.events(), planes.requests());
        directory = WorkerDirectory.open(planes.discovery(), PROTOCOL, DEMO, feed);
        audits = Thread.ofVirtual().start(this::audit);
    }

    Collection<LiveWorker> workers() {
        return directory.workers();
    }

    /// What the index says a worker holds.
    Set<SequenceHash> held(WorkerId worker) {
        return index.blocks(worker);
    }

    void awaitWorkers(int count) {
        await().untilAsserted(() -> assertThat(workers()).hasSize(count));
    }

    /// Waits until the index says of every worker what the worker says of itself. The cluster must
    /// be at rest.
    void awaitTruth() {
        await().untilAsserted(
                        () -> {
                            for (LiveWorker worker : workers()) {
                                assertThat(held(worker.id()))
                                        .as("worker " + worker.id())
                                        .isEqualTo(truth(worker))
                                        .isNotEmpty();
                            }
                        });
    }

    @Override
    public void close() {
        audits.interrupt();
        directory.close();
        feed.close();
        planes.close();
    }

    private Set<SequenceHash> truth(LiveWorker worker) throws Exception {
        Instance answers =
                planes.discovery().instances().stream()
                        .filter(it -> it.endpoint().equals(PROTOCOL.kvQuery(0).id()))
                        .filter(it -> it.instanceId() == worker.id().value())
                        .findFirst()
                        .orElseThrow();
        var answer = new CompletableFuture<KvAnswer>();
        planes.requests()
                .open(
                        PROTOCOL.kvQuery(0),
                        answers,
                        KvQuery.everything(worker.source()),
                        new First(answer));
        return ((KvAnswer.TreeDump) answer.get(10, TimeUnit.SECONDS))
                .chains().stream()
                        .map(Stored::blocks)
                        .flatMap(List::stream)
                        .map(StoredBlock::sequenceHash)
                        .collect(Collectors.toSet());
    }

    private void audit() {
        try {
            while (true) {
                Thread.sleep(AUDIT_PERIOD);
                feed.audit();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private record First(CompletableFuture<KvAnswer> answer) implements StreamReceiver<KvAnswer> {

        @Override
        public void onItem(KvAnswer item) {
            answer.complete(item);
        }

        @Override
        public void onEnd(StreamEnd end) {
            answer.completeExceptionally(new AssertionError("no answer: " + end));
        }
    }
}
