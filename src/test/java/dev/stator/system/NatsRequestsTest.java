package dev.stator.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.RawNats;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;

/// A cluster whose requests go through NATS.
class NatsRequestsTest {
    private static final String REQUEST =
            """
            {"model": "demo", "max_tokens": 12, "temperature": 0,
             "messages": [{"role": "user", "content": "Once upon a time"}]}
            """;

    @TempDir Path folder;

    @Test
    void completionsAreTheSameAsOverTcp() throws Exception {
        try (var cluster = new Cluster(folder)) {
            String overNats;
            try (var bus = RawNats.connect(cluster.nats.port()).subscribe("dynamo_backend.>")) {
                overNats = complete(cluster, "nats");
                RawNats.Delivered message = bus.next();
                while (!message.subject().matches("dynamo_backend\\.generate-[0-9a-f]{1,16}")) {
                    message = bus.next(); // questions to the worker's cache
                }
            }
            assertThat(overNats).isNotBlank().isEqualTo(complete(cluster, "tcp"));
        }
    }

    /// What a frontend and a worker of their own say.
    private static String complete(Cluster cluster, String requestPlane) throws Exception {
        StatorProcess frontend =
                cluster.frontend("--router-mode", "round-robin", "--request-plane", requestPlane);
        StatorProcess worker = cluster.worker("--request-plane", requestPlane);
        ClusterWalkTest.awaitInstances(frontend, "generate", 1);
        HttpResponse<String> response = frontend.post("/v1/chat/completions", REQUEST);
        worker.stop();
        frontend.stop();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonField root = JsonField.root(Json.parse(response.body(), JsonLimits.REQUEST));
        return root.get("choices").items().getFirst().get("message").get("content").string();
    }
}
