package dev.stator.system;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/// A cluster of processes that loses a worker, its brokers and its frontend under load.
///
/// Outages take a fifth of their full time here; `make system` sets `stator.outages` to 1.
class ClusterFaultsTest {
    private static final double SCALE =
            Double.parseDouble(System.getProperty("stator.outages", "0.2"));
    private static final Duration NATS_OUTAGE = scaled(30);
    private static final Duration ETCD_OUTAGE = scaled(60);
    private static final int CLIENTS = 4;
    private static final Pattern CACHED = Pattern.compile("\"cached_tokens\":(\\d+)");

    @TempDir Path folder;

    private Cluster cluster;
    private StatorProcess frontend;
    private StatorProcess first;
    private StatorProcess second;
    private Observer observer;

    @BeforeEach
    void start() throws InterruptedException {
        cluster = new Cluster(folder);
        frontend = cluster.frontend("--router-mode", "kv", "--router-replica-sync");
        first = cluster.startingSimulated("--speedup-ratio", "10");
        second = cluster.simulated("--speedup-ratio", "10");
        observer = new Observer(cluster);
        ClusterWalkTest.awaitInstances(frontend, "generate", 3);
        observer.awaitWorkers(2);
    }

    @AfterEach
    void stop() {
        observer.close();
        cluster.close();
    }

    @Test
    void aKilledWorkerIsGoneWithinItsLeaseAndTheOtherServes() throws Exception {
        WorkerId gone = new WorkerId(Long.parseUnsignedLong(instanceId(first)));
        try (var load = new Load(frontend, CLIENTS)) {
            await().until(() -> load.answered() > 20);
            await().until(() -> !observer.held(gone).isEmpty());
            long killed = System.nanoTime();
            first.close();
            observer.awaitWorkers(1);
            report("a killed worker was gone from discovery", killed);

            assertThat(observer.held(gone)).isEmpty();
            ClusterWalkTest.awaitInstances(frontend, "generate", 2);
            assertThat(frontend.get("/health").body()).doesNotContain(instanceId(first));
            int before = load.failures().size();
            int answered = load.answered();
            await().until(() -> load.answered() > answered + 20);
            assertThat(load.failures()).hasSize(before);
            assertThat(load.failures()).as("only what ran there").hasSizeLessThanOrEqualTo(CLIENTS);
        }
        observer.awaitTruth();
    }

    @Test
    void workersThatAllStopTogetherAreBelieved() throws Exception {
        ClusterWalkTest.complete(frontend, Load.prompt(1));
        Thread other = Thread.startVirtualThread(() -> stop(second));
        stop(first);
        other.join();
        long stopped = System.nanoTime();
        observer.awaitWorkers(0);
        report("all workers were gone from discovery after their processes", stopped);

        ClusterWalkTest.awaitGenerate(frontend, 1);
    }

    @Test
    void withoutNatsRequestsGoOnAndAfterwardsTheIndexIsTrueAgain() throws Exception {
        try (var load = new Load(frontend, CLIENTS)) {
            await().until(() -> load.answered() > 20);
            cluster.nats.kill();
            Thread.sleep(NATS_OUTAGE);
            cluster.nats.restart();
            int answered = load.answered();
            await().until(() -> load.answered() > answered + 20);

            assertThat(load.failures()).isEmpty();
        }
        long resting = System.nanoTime();
        observer.awaitTruth();
        report("the index was true after NATS came back and the load ended", resting);
    }

    @Test
    void withoutEtcdRequestsGoOnAndAfterwardsEverybodyIsThereAgain() throws Exception {
        try (var load = new Load(frontend, CLIENTS)) {
            await().until(() -> load.answered() > 20);
            cluster.etcd.kill();
            Thread.sleep(ETCD_OUTAGE);
            ClusterWalkTest.awaitInstances(frontend, "generate", 3);
            cluster.etcd.wipe();
            cluster.etcd.start();
            await().until(() -> registered() == 3);
            int answered = load.answered();
            await().until(() -> load.answered() > answered + 20);

            assertThat(load.failures()).isEmpty();
        }
        ClusterWalkTest.awaitInstances(frontend, "generate", 3);
        observer.awaitTruth();
    }

    @Test
    void aLostLeaseIsTakenAnew() throws Exception {
        try (var load = new Load(frontend, CLIENTS)) {
            await().until(() -> load.answered() > 20);
            cluster.etcd.post("/v3/lease/revoke", "{\"ID\":\"" + instanceId(first) + "\"}");
            await().until(() -> registered() == 2);
            await().until(() -> registered() == 3);
            ClusterWalkTest.awaitInstances(frontend, "generate", 3);

            assertThat(load.failures()).isEmpty();
        }
        observer.awaitTruth();
    }

    @Test
    void aNewFrontendKnowsWhatWarmWorkersHold() throws Exception {
        for (int i = 0; i < 8; i++) {
            ClusterWalkTest.complete(frontend, Load.prompt(i));
        }
        frontend.stop();
        long stopped = System.nanoTime();
        StatorProcess next = cluster.frontend("--router-mode", "kv");
        ClusterWalkTest.awaitInstances(next, "generate", 3);
        await().until(() -> blocksIndexed(next) > 0);
        report("a new frontend process knew the caches", stopped);

        for (int i = 0; i < 8; i++) {
            var cached = CACHED.matcher(ClusterWalkTest.complete(next, Load.prompt(i)).body());
            assertThat(cached.find()).isTrue();
            assertThat(Integer.parseInt(cached.group(1))).as(Load.prompt(i)).isGreaterThan(64);
        }
    }

    @Test
    void whatAFrontendBooksTheOtherKnowsAndForgetsWhenItDies() throws Exception {
        StatorProcess other = cluster.frontend("--router-mode", "kv", "--router-replica-sync");
        ClusterWalkTest.awaitInstances(other, "generate", 4);
        try (var load = new Load(frontend, CLIENTS)) {
            await().until(() -> load.answered() > 20);
            await().until(() -> bookedBlocks(other) > 0);
            frontend.close();
        }
        await().atMost(ClusterWalkTest.LEASE_AND_MORE).until(() -> bookedBlocks(other) == 0);
        assertThat(ClusterWalkTest.complete(other, Load.prompt(1)).statusCode()).isEqualTo(200);
    }

    /// Blocks that a frontend believes are booked on all workers.
    private static double bookedBlocks(StatorProcess frontend) throws Exception {
        var blocks = Pattern.compile("(?m)^\\S+_worker_active_decode_blocks\\{.*} (\\S+)$");
        return blocks.matcher(frontend.get("/metrics").body())
                .results()
                .mapToDouble(it -> Double.parseDouble(it.group(1)))
                .sum();
    }

    /// For the benchmarks page; nothing is asserted of it.
    private static void stop(StatorProcess process) {
        try {
            process.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void report(String what, long sinceNanos) {
        System.out.printf("%s after %d ms%n", what, (System.nanoTime() - sinceNanos) / 1_000_000);
    }

    private static double blocksIndexed(StatorProcess frontend) throws Exception {
        var blocks = Pattern.compile("(?m)^\\S+_kv_index_blocks (\\S+)$");
        var matcher = blocks.matcher(frontend.get("/metrics").body());
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    private static String instanceId(StatorProcess worker) throws InterruptedException {
        String line = worker.awaitLine(it -> it.matches("worker \\d+ serves .*"));
        return line.replaceFirst("worker (\\d+) .*", "$1");
    }

    /// Instances of `generate` in etcd.
    private long registered() {
        return ClusterWalkTest.keys(cluster).stream()
                .filter(it -> it.startsWith("v1/instances/") && it.contains("/generate/"))
                .count();
    }

    private static Duration scaled(int seconds) {
        return Duration.ofMillis((long) (seconds * 1_000 * SCALE));
    }
}
