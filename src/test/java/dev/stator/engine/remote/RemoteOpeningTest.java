package dev.stator.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.Requests;
import dev.stator.engine.remote.RemoteConfig.Known;
import dev.stator.engine.remote.dialect.VllmDialect;
import dev.stator.testing.ByteTokenizer;
import dev.stator.testing.Eventually;
import dev.stator.testing.ScriptedServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

class RemoteOpeningTest {
    private static final Known NOTHING = Known.NOTHING;

    private static RemoteConfig config(
            ScriptedServer server, Optional<String> dialect, Known known) {
        RemoteConfig plain = Remotes.config(server, Remotes.limits(8));
        return new RemoteConfig(
                plain.worker(),
                plain.address(),
                dialect,
                Optional.of("secret"),
                plain.tokenizer(),
                plain.ranks(),
                known,
                plain.limits());
    }

    @Test
    void theRanksOfAServerShareItsBlocks() throws Exception {
        try (var server = new ScriptedEngine(new VllmFlavor(), (good, peer) -> good.writeTo(peer));
                RemoteEngine engine = RemoteEngine.open(ranked(server.server(), 2))) {
            assertThat(engine.info().totalBlocks()).isEqualTo(50);
            var sink = new RecordingSink();
            engine.generate(Requests.request("r", 1, 2, 3).withRank(OptionalInt.of(1)), sink);
            sink.awaitFinished();

            assertThat(sink.start().orElseThrow().worker()).isEqualTo("remote-0.1");
            assertThat(server.server().requests().getLast().headers())
                    .containsEntry("x-data-parallel-rank", "1");
            var refused = new RecordingSink();
            engine.generate(Requests.request("r", 1, 2).withRank(OptionalInt.of(2)), refused);
            assertThat(refused.awaitFailure().message()).isEqualTo("rank 2 of 2 ranks");
        }
    }

    @Test
    void aServerOfOneRankIsNotToldWhich() throws Exception {
        try (var server = new ScriptedEngine(new VllmFlavor(), (good, peer) -> good.writeTo(peer));
                RemoteEngine engine = RemoteEngine.open(ranked(server.server(), 1))) {
            var sink = new RecordingSink();
            engine.generate(Requests.request("r", 1, 2, 3).withRank(OptionalInt.of(0)), sink);
            sink.awaitFinished();

            assertThat(server.server().requests().getLast().headers())
                    .doesNotContainKey("x-data-parallel-rank");
        }
    }

    @Test
    void aServerThatCannotBeToldARankIsRefused() throws Exception {
        try (var server =
                new ScriptedEngine(new LlamaCppFlavor(), (good, peer) -> good.writeTo(peer))) {
            assertThatThrownBy(() -> RemoteEngine.open(ranked(server.server(), 2)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("one of 2 ranks");
        }
    }

    private static RemoteConfig ranked(ScriptedServer server, int ranks) {
        RemoteConfig plain = Remotes.config(server, Remotes.limits(8));
        return new RemoteConfig(
                plain.worker(),
                plain.address(),
                Optional.empty(),
                Optional.empty(),
                plain.tokenizer(),
                ranks,
                Known.NOTHING,
                plain.limits());
    }

    private static RemoteServer found(Flavor flavor, Known known) throws Exception {
        try (var server = new ScriptedEngine(flavor, (good, peer) -> good.writeTo(peer));
                RemoteEngine engine =
                        RemoteEngine.open(config(server.server(), Optional.empty(), known))) {
            assertThat(server.server().requests())
                    .allSatisfy(
                            it ->
                                    assertThat(it.headers())
                                            .containsEntry("authorization", "Bearer secret"));
            return engine.server();
        }
    }

    @Test
    void everyKindOfServerIsRecognized() throws Exception {
        RemoteServer vllm = found(new VllmFlavor(), NOTHING);
        assertThat(vllm.dialect().name()).isEqualTo("vllm");
        assertThat(vllm.software()).isEqualTo("vLLM 0.11.0");
        assertThat(vllm.info()).isEqualTo(new EngineInfo("scripted", 512, 16, 100, 8_192, 256));

        for (boolean incremental : new boolean[] {false, true}) {
            RemoteServer sglang = found(new SglangFlavor(incremental), NOTHING);
            assertThat(sglang.software()).isEqualTo("SGLang 0.5.6");
            assertThat(sglang.info()).isEqualTo(ScriptedEngine.INFO);
        }

        RemoteServer llamaCpp = found(new LlamaCppFlavor(), NOTHING);
        assertThat(llamaCpp.dialect().name()).isEqualTo("llama.cpp");
        assertThat(llamaCpp.info())
                .isEqualTo(new EngineInfo("scripted", 512, 16, 512 * 8 / 16, 8_192, 8));
    }

    @Test
    void theCallersWordCountsMoreThanTheServers() throws Exception {
        var known =
                new Known(
                        Optional.of("mine"),
                        OptionalInt.of(100),
                        OptionalInt.of(32),
                        OptionalInt.of(50),
                        OptionalInt.of(7),
                        OptionalInt.of(3));
        RemoteServer server = found(new VllmFlavor(), known);

        assertThat(server.info()).isEqualTo(new EngineInfo("mine", 100, 32, 50, 7, 3));
        assertThat(server.dialect()).isEqualTo(new VllmDialect("scripted"));
        assertThat(server.said().blockSizeTokens()).hasValue(16);
        assertThat(server.said().maxSequences()).isEmpty();
    }

    @Test
    void nobodyThereIsOneClearError() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;
        RemoteConfig config = RemoteConfig.of("w", url, new ByteTokenizer());

        assertThatThrownBy(() -> RemoteEngine.open(config))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(url)
                .hasMessageContaining("cannot connect");
    }

    @Test
    void aServerOfAnotherKindIsNamedWithWhatItDidNotAnswer() throws Exception {
        try (var server = new ScriptedServer((_, peer) -> peer.answer(404, "t", "no"))) {
            assertThatThrownBy(() -> RemoteEngine.open(config(server, Optional.empty(), NOTHING)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(server.url())
                    .hasMessageContaining("/get_server_info: status 404")
                    .hasMessageContaining("/version: status 404");
            Eventually.await().until(() -> server.open() == 0);
        }
        try (var server =
                new ScriptedEngine(new VllmFlavor(), (good, peer) -> good.writeTo(peer))) {
            assertThatThrownBy(
                            () ->
                                    RemoteEngine.open(
                                            config(
                                                    server.server(),
                                                    Optional.of("sglang"),
                                                    NOTHING)))
                    .hasMessageContaining("no sglang at " + server.server().url());
        }
    }

    @Test
    void aServerThatProducesNoTokenIsNotAttachedTo() throws Exception {
        try (var server =
                new ScriptedEngine(
                        new VllmFlavor(), (_, peer) -> peer.answer(500, "t", "EngineDeadError"))) {
            server.sicken(true);

            assertThatThrownBy(
                            () ->
                                    RemoteEngine.open(
                                            config(server.server(), Optional.empty(), NOTHING)))
                    .hasMessageContaining("vLLM 0.11.0 at " + server.server().url())
                    .hasMessageContaining("EngineDeadError");
        }
    }

    @Test
    void aServerOfTextIsTheLastResort() throws Exception {
        Map<String, String> facts =
                Map.of(
                        "/v1/models",
                        "{\"data\": [{\"id\": \"adapter\", \"parent\": \"m\"},"
                                + " {\"id\": \"m\", \"parent\": null}]}",
                        "/v1/completions",
                        "data: {\"choices\": [{\"index\": 0, \"text\": \"Hi\","
                                + " \"finish_reason\": \"stop\"}]}\n\n");
        try (var server =
                new ScriptedServer(
                        (request, peer) -> {
                            String answer = facts.get(request.path());
                            boolean stream = request.path().endsWith("completions");
                            peer.answer(
                                    answer == null ? 404 : 200,
                                    stream ? "text/event-stream" : "application/json",
                                    answer == null ? "" : answer);
                        })) {
            assertThatThrownBy(() -> RemoteEngine.open(config(server, Optional.empty(), NOTHING)))
                    .hasMessageContaining("--context-length");
            var known =
                    new Known(
                            Optional.empty(),
                            OptionalInt.of(64),
                            OptionalInt.empty(),
                            OptionalInt.empty(),
                            OptionalInt.empty(),
                            OptionalInt.empty());
            try (RemoteEngine engine = RemoteEngine.open(config(server, Optional.empty(), known))) {
                var sink = new RecordingSink();
                engine.generate(Requests.request("r", 'H', 'o'), sink);

                assertThat(sink.awaitFinished().usage().outputTokens()).isEqualTo(2);
                assertThat(sink.ids()).containsExactly(72, 105);
                assertThat(engine.server().dialect().countsExactly()).isFalse();
                assertThat(server.requests().getLast().body())
                        .contains("\"model\":\"m\"")
                        .contains("\"prompt\":\"Ho\"");
            }
        }
    }

    @Test
    void theKeyIsNotShown() throws Exception {
        try (var server = new ScriptedServer((_, peer) -> peer.answer(404, "t", ""))) {
            assertThat(config(server, Optional.empty(), NOTHING).toString())
                    .doesNotContain("secret");
        }
    }
}
