package dev.stator.system;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A worker before an inference server in another process, which here is Stator itself behind its
/// OpenAI API. The engine's KV events go over ZMQ to the worker, and from there over ZMQ to the
/// router; registrations stand in a folder. So nothing but Stator is needed.
class RemoteEngineTest {
    private static final Pattern CACHED = Pattern.compile("\"cached_tokens\":([1-9][0-9]+)");
    private static final Pattern INDEXED = Pattern.compile("(?m)^\\S+_kv_index_blocks [1-9]");

    private static final Pattern REPORTED =
            Pattern.compile("(?m)^\\S+_worker_reported_kv_used_blocks\\S+ [1-9]");

    @TempDir Path folder;

    @Test
    void whatAnEngineCachesIsRelayedAndAWorkerWithoutEngineIsWithdrawn() throws Exception {
        String events = events();
        try (var engine =
                        StatorProcess.serve(
                                "--engine",
                                "simulated",
                                "--workers",
                                "1",
                                "--kv-events-config",
                                events);
                var frontend = started("frontend", "--http-host 127.0.0.1 --http-port 0");
                var worker =
                        started(
                                "worker",
                                "--engine remote --engine-dialect text --served-model-name demo",
                                "--engine-url",
                                engine.url(),
                                "--kv-events-config",
                                events)) {
            ClusterWalkTest.awaitInstances(frontend, "generate", 2);
            assertThat(frontend.get("/health").body()).doesNotContain("warnings");
            String heard = promptThatIsIndexed(frontend);
            String again = ClusterWalkTest.complete(frontend, heard).body();
            assertThat(again).containsPattern(CACHED);

            engine.kill();
            ClusterWalkTest.awaitGenerate(frontend, 1);
            assertThat(worker.output()).contains("the worker is withdrawn");
        }
    }

    @Test
    void everyRankOfAWorkerIsFoundAndItsCacheIsSeen() throws Exception {
        try (var frontend = started("frontend", "--http-host 127.0.0.1 --http-port 0");
                var _ =
                        started(
                                "worker",
                                "--engine simulated --data-parallel-size 2 --kv-events-config",
                                events())) {
            ClusterWalkTest.awaitInstances(frontend, "worker_kv_indexer_query_dp1", 1);
            for (int prompt = 1; prompt <= 4; prompt++) {
                String text = Load.prompt(prompt);
                await().until(() -> isCached(ClusterWalkTest.complete(frontend, text)));
            }
            assertThat(frontend.output())
                    .containsPattern("worker=[0-9a-f]+ ")
                    .containsPattern("worker=[0-9a-f]+\\.1 ");
            Thread.startVirtualThread(() -> generateForLong(frontend));
            await().until(() -> REPORTED.matcher(frontend.get("/metrics").body()).find());
        }
    }

    /// An engine's events are lost as long as the worker's subscription is on its way to it.
    private static String promptThatIsIndexed(StatorProcess frontend) {
        var prompts = new AtomicInteger();
        await().until(
                        () -> {
                            String prompt = Load.prompt(prompts.incrementAndGet());
                            ClusterWalkTest.complete(frontend, prompt);
                            return INDEXED.matcher(frontend.get("/metrics").body()).find();
                        });
        return Load.prompt(prompts.get());
    }

    private static void generateForLong(StatorProcess frontend) {
        try {
            frontend.post(
                    "/v1/completions",
                    "{\"model\": \"demo\", \"max_tokens\": 1000, \"prompt\": \"Once upon a"
                            + " time\"}");
        } catch (IOException | InterruptedException _) {
            // the test is over
        }
    }

    private static boolean isCached(HttpResponse<String> response) {
        return CACHED.matcher(response.body()).find();
    }

    private StatorProcess started(String command, String flags, String... more)
            throws InterruptedException {
        var all = new ArrayList<String>();
        all.add(command);
        all.addAll(List.of("--discovery-backend", "file", "--file-kv", folder.toString()));
        all.addAll(List.of("--event-plane", "zmq"));
        all.addAll(Arrays.asList(flags.split(" ", -1)));
        all.addAll(Arrays.asList(more));
        StatorProcess process = StatorProcess.start(all.toArray(String[]::new));
        process.awaitLine(line -> line.contains("Ctrl-C stops"));
        return process;
    }

    private static String events() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "{\"publisher\":\"zmq\",\"topic\":\"kv-events\",\"endpoint\":\"tcp://*:%d\"}"
                    .formatted(free.getLocalPort());
        }
    }
}
