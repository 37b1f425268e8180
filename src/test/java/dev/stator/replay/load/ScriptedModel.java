package dev.stator.replay.load;

import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.ScriptedServer;
import dev.stator.testing.ScriptedServer.Peer;
import dev.stator.tokens.TokenIds;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that answers completions of token ids as a simulated engine would, or not quite. The
/// first completion, which is the probe, is always answered well. Of its adapters it uses `sql`;
/// for `ignored` it answers as without.
final class ScriptedModel implements AutoCloseable {
    private static final TokenRange RANGE = new TokenRange(500, 1_000);

    private final Fault fault;
    private final ScriptedServer server;
    private final AtomicInteger completions = new AtomicInteger();

    /// How an answer is given.
    interface Fault {
        /// @param number of the answer, from 1
        void answer(int number, List<Integer> tokens, Peer peer)
                throws IOException, InterruptedException;
    }

    /// Changes the tokens of an answer.
    interface Damage {
        void apply(List<Integer> tokens);
    }

    ScriptedModel(Fault fault) throws IOException {
        this.fault = fault;
        this.server = new ScriptedServer(this::answer);
    }

    /// A server whose every answer is damaged.
    static ScriptedModel damaged(Damage damage) throws IOException {
        return new ScriptedModel(
                (_, tokens, peer) -> {
                    damage.apply(tokens);
                    stream(tokens, peer);
                });
    }

    String url() {
        return server.url();
    }

    int completions() {
        return completions.get();
    }

    List<ScriptedServer.Request> requests() {
        return server.requests();
    }

    private void answer(ScriptedServer.Request request, Peer peer)
            throws IOException, InterruptedException {
        switch (request.path()) {
            case "/v1/models" ->
                    peer.answer(
                            200,
                            "application/json",
                            """
                            {"data":[{"id":"scripted","parent":null},
                                     {"id":"sql","parent":"scripted"},
                                     {"id":"ignored","parent":"scripted"}]}\
                            """);
            case "/v1/completions" -> complete(request.body(), peer);
            default -> peer.answer(404, "application/json", "{}");
        }
    }

    private void complete(String body, Peer peer) throws IOException, InterruptedException {
        int number = completions.getAndIncrement();
        JsonField asked = JsonField.root(Json.parse(body, JsonLimits.REQUEST));
        int[] prompt =
                asked.get("prompt").items().stream().mapToInt(it -> it.integer(0, 9_999)).toArray();
        var sequence =
                new SelfVerifyingTokens(
                        TokenIds.of(prompt),
                        asked.get("seed").integer(0, Long.MAX_VALUE),
                        asked.get("model").string().equals("sql") ? "sql" : "",
                        RANGE);
        List<Integer> tokens = new ArrayList<>();
        for (int i = asked.get("max_tokens").integer(1, 9_999); i > 0; i--) {
            tokens.add(sequence.next());
        }
        if (number == 0) {
            stream(tokens, peer);
        } else {
            fault.answer(number, tokens, peer);
        }
    }

    /// The whole answer, well-formed.
    static void stream(List<Integer> tokens, Peer peer) throws IOException {
        peer.openEvents();
        for (int token : tokens) {
            token(token, peer);
        }
        end(peer);
    }

    static void token(int id, Peer peer) throws IOException {
        peer.event("{\"choices\":[{\"index\":0,\"text\":\"x\",\"token_ids\":[%d]}]}".formatted(id));
    }

    static void end(Peer peer) throws IOException {
        peer.event("{\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"length\"}]}");
        peer.event("[DONE]");
        peer.endChunks();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
