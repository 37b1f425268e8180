package dev.stator.system;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.RawHttp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// `stator indexer` beside the processes it follows.
class IndexerTest {
    private static final int PROMPT_TOKENS = 80;

    @Test
    void aPromptThatWasServedIsFoundInTheIndex() throws Exception {
        int port = freePort();
        String events =
                """
                {"publisher": "zmq", "endpoint": "tcp://*:%d"}
                """
                        .formatted(port);
        try (var indexer =
                        StatorProcess.start(
                                "indexer",
                                "--port=0",
                                "--block-size=16",
                                "--model-name=demo",
                                "--workers=7=tcp://127.0.0.1:" + port);
                var stator =
                        StatorProcess.serve(
                                "--engine=simulated",
                                "--workers=1",
                                "--kv-events-config=" + events.strip())) {
            int asked = port(indexer.awaitLine(line -> line.contains("URL")));
            var served = new AtomicInteger();
            await().untilAsserted(
                            () -> {
                                String before = prompt(served.get());
                                String next = prompt(served.incrementAndGet());
                                assertThat(stator.post("/v1/completions", completion(next)))
                                        .returns(200, HttpResponse::statusCode);
                                assertThat(found(asked, before)).isEqualTo(PROMPT_TOKENS);
                            });
            indexer.stop();

            assertThat(indexer.output()).contains("stopped");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --workers=1=tcp://h:1               | block-size must be given with --workers
                    --workers=x=tcp://h:1 --block-size=4 | x=tcp://h:1
                    --port=99999                        | 99999
                    --kv-index-bytes-max=1              | kv-index-bytes-max must be at least
                    """)
    void wrongUsageNamesTheFlagAndExitsWithTwo(String arguments, String expected)
            throws InterruptedException {
        try (var stator = StatorProcess.start(("indexer " + arguments.strip()).split(" "))) {
            assertThat(stator.exitCode()).isEqualTo(2);
            assertThat(stator.output()).contains(expected).doesNotContain("\tat ");
        }
    }

    /// Prompts differ from their first token on.
    private static String prompt(int number) {
        return IntStream.range(0, PROMPT_TOKENS)
                .map(i -> (i + number) % 200 + 1)
                .boxed()
                .toList()
                .toString();
    }

    private static String completion(String prompt) {
        return """
        {"model": "demo", "max_tokens": 1, "prompt": %s}
        """
                .formatted(prompt);
    }

    private static int found(int port, String prompt) throws IOException {
        try (RawHttp client = RawHttp.connect(port)) {
            String body =
                    client.post(
                                    "/query",
                                    """
                                    {"model_name": "demo", "token_ids": %s}
                                    """
                                            .formatted(prompt))
                            .read()
                            .body();
            return JsonField.root(Json.parse(body, JsonLimits.REQUEST))
                    .get("scores")
                    .get("7")
                    .get("0")
                    .integer(0, Integer.MAX_VALUE);
        }
    }

    private static int port(String line) {
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
