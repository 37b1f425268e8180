package dev.stator.system;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.RawNats;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What people see who walk through a cluster with public tools: the NATS protocol and monitoring,
/// etcd's HTTP gateway, curl.
class ClusterWalkTest {
    /// A process that is gone is noticed when its lease of ten seconds has lapsed.
    static final Duration LEASE_AND_MORE = Duration.ofSeconds(25);

    private static final String LONG =
            "the quick brown fox jumps over the lazy dog. ".repeat(30) + "Hello!";
    private static final String STREAM = "namespace-dynamo-component-backend-kv-events";
    private static final Pattern WORKER = Pattern.compile("worker=(\\S+) cached=(\\d+)/(\\d+)");
    private static final Pattern KEY = Pattern.compile("\"key\":\"([^\"]+)\"");

    @TempDir Path folder;

    @Test
    void withASingleWorkerAndNoEventsTheBusIsSilent() throws Exception {
        try (var cluster = new Cluster(folder)) {
            StatorProcess frontend = cluster.frontend("--router-mode", "round-robin");
            cluster.worker("--engine", "simulated");
            awaitInstances(frontend, "generate", 1);
            try (var bus = RawNats.connect(cluster.nats.port()).subscribe(">");
                    var marker = RawNats.connect(cluster.nats.port())) {
                assertThat(complete(frontend, LONG).statusCode()).isEqualTo(200);
                marker.publish("test.end", new byte[0]);

                assertThat(bus.next().subject()).isEqualTo("test.end");
            }
            assertThat(cluster.nats.page("/jsz")).contains("\"streams\": 0");
        }
    }

    @Test
    void aRouterSaysWhichCachesItCannotSee() throws Exception {
        try (var cluster = new Cluster(folder)) {
            StatorProcess frontend = cluster.frontend("--router-mode", "kv");
            cluster.worker("--engine", "simulated");
            cluster.simulated("--page-size", "32");
            awaitInstances(frontend, "generate", 3);

            await().until(() -> frontend.output().contains("publishes no KV events"));
            await().until(() -> frontend.get("/health").body().contains("--kv-events-config"));
            assertThat(frontend.get("/health").body()).contains("its blocks have 32 tokens");
        }
    }

    @Test
    void twoWorkersShareTheirCachesWithTheRouter() throws Exception {
        try (var cluster = new Cluster(folder)) {
            StatorProcess frontend = cluster.frontend("--router-mode", "kv", "--durable-kv-events");
            String[] flags = {
                "--kv-events-config", Cluster.KV_EVENTS, "--durable-kv-events", "--kv-blocks", "40"
            };
            cluster.worker(flags);
            cluster.worker(flags);
            awaitInstances(frontend, "generate", 3);
            try (var bus = RawNats.connect(cluster.nats.port()).subscribe("dynamo.>")) {
                assertThat(cluster.nats.page("/jsz")).contains("\"streams\": 0");
                samePromptGoesToTheSameWorker(frontend);
                everybodyHearsWhatIsStored(bus);
                everybodyHearsWhatIsEvicted(frontend, bus);
            }
            await().until(() -> cluster.nats.page("/jsz?streams=true").contains(STREAM));
            assertThat(cluster.nats.page("/connz?subs=true"))
                    .contains("\"stator-frontend-", "\"stator-worker-", "dynamo.kvcache.*.update");
            assertThat(frontend.get("/metrics").body())
                    .contains("dynamo_frontend_nats_connected 1.0")
                    .containsPattern("dynamo_frontend_nats_received_messages_total [1-9]")
                    .containsPattern("dynamo_frontend_kv_cache_event_repairs [1-9]");
            assertThat(keys(cluster))
                    .anyMatch(it -> it.matches("v1/instances/dynamo/backend/generate/[0-9a-f]+"))
                    .anyMatch(it -> it.matches("v1/instances/dynamo/kv-router/generate/[0-9a-f]+"))
                    .anyMatch(it -> it.matches("v1/mdc/dynamo/backend/generate/[0-9a-f]+"));
        }
    }

    private static void samePromptGoesToTheSameWorker(StatorProcess frontend) throws Exception {
        HttpResponse<String> first = complete(frontend, LONG);
        HttpResponse<String> second = complete(frontend, LONG);

        assertThat(cached(first)).isZero();
        assertThat(cached(second)).isGreaterThan(300);
        await().until(() -> served(frontend).size() == 2);
        List<MatchResult> served = served(frontend);
        assertThat(served.get(1).group(1)).isEqualTo(served.get(0).group(1));
    }

    private static void everybodyHearsWhatIsStored(RawNats bus) throws Exception {
        RawNats.Delivered message = bus.next();
        JsonField event = json(message.text());

        assertThat(message.subject())
                .isEqualTo(
                        "dynamo.kvcache.%s.update"
                                .formatted(
                                        Long.toUnsignedString(
                                                event.get("worker_id").unsignedLong())));
        assertThat(event.get("type").string()).isEqualTo("BlockStored");
        assertThat(event.get("event_id").integer(0, 9)).isEqualTo(1);
        assertThat(event.get("block_hashes").items())
                .hasSameSizeAs(event.get("tokens_hashes").items())
                .isNotEmpty();
    }

    /// Forty blocks hold one long prompt: the next one on the same worker drives it out.
    private static void everybodyHearsWhatIsEvicted(StatorProcess frontend, RawNats bus)
            throws Exception {
        for (int i = 0; i < 4; i++) {
            complete(frontend, i + LONG);
        }
        RawNats.Delivered message = bus.next();
        while (!message.subject().endsWith(".evict")) {
            message = bus.next();
        }
        assertThat(json(message.text()).get("type").string()).isEqualTo("BlockRemoved");
    }

    static void awaitInstances(StatorProcess frontend, String endpoint, int count) {
        awaitHealth(frontend, endpoint, count);
        await().until(() -> frontend.get("/v1/models").body().contains("\"id\":\"demo\""));
    }

    /// The router's own `generate` counts as well.
    static void awaitGenerate(StatorProcess frontend, int count) {
        awaitHealth(frontend, "generate", count);
    }

    private static void awaitHealth(StatorProcess frontend, String endpoint, int count) {
        Pattern wanted = Pattern.compile("\"endpoint\":\"" + endpoint + "\"");
        await().atMost(LEASE_AND_MORE)
                .until(
                        () ->
                                wanted.matcher(frontend.get("/health").body()).results().count()
                                        == count);
    }

    static HttpResponse<String> complete(StatorProcess frontend, String prompt) throws Exception {
        return frontend.post(
                "/v1/chat/completions",
                """
                {"model": "demo", "max_tokens": 4,
                 "messages": [{"role": "user", "content": "%s"}]}
                """
                        .formatted(prompt));
    }

    private static long cached(HttpResponse<String> response) {
        return json(response.body())
                .get("usage")
                .get("prompt_tokens_details")
                .get("cached_tokens")
                .integer(0, 10_000);
    }

    private static List<MatchResult> served(StatorProcess frontend) {
        return WORKER.matcher(frontend.output()).results().toList();
    }

    /// All keys, as etcd's gateway shows them.
    static List<String> keys(Cluster cluster) {
        String from = Base64.getEncoder().encodeToString("v1/".getBytes(StandardCharsets.UTF_8));
        String to = Base64.getEncoder().encodeToString("v10".getBytes(StandardCharsets.UTF_8));
        String found =
                cluster.etcd.post(
                        "/v3/kv/range",
                        "{\"key\":\"%s\",\"range_end\":\"%s\",\"keys_only\":true}"
                                .formatted(from, to));
        return KEY.matcher(found)
                .results()
                .map(
                        it ->
                                new String(
                                        Base64.getDecoder().decode(it.group(1)),
                                        StandardCharsets.UTF_8))
                .toList();
    }

    private static JsonField json(String text) {
        return JsonField.root(Json.parse(text, JsonLimits.REQUEST));
    }
}
