package dev.stator.engine.remote;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.TokenUsage;
import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.ScriptedServer;
import dev.stator.testing.ScriptedServer.Peer;
import dev.stator.testing.ScriptedServer.Request;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A server that tells the truth about itself, passes every health check, and answers everything
/// else as its script says.
final class ScriptedEngine implements AutoCloseable {
    static final EngineInfo INFO = new EngineInfo("scripted", 512, 16, 100, 256, 8);

    private final Flavor flavor;
    private final Map<String, String> facts;
    private final Script script;
    private final ScriptedServer server;
    private volatile boolean sick;

    /// What to do with a generation; `good` is the answer it should get.
    @FunctionalInterface
    interface Script {
        void answer(Good good, Peer peer) throws IOException, InterruptedException;
    }

    ScriptedEngine(Flavor flavor, Script script) throws IOException {
        this.flavor = flavor;
        this.facts = flavor.facts(INFO);
        this.script = script;
        this.server = new ScriptedServer(this::answer);
    }

    ScriptedServer server() {
        return server;
    }

    /// From now on health checks are answered as the script says, too.
    void sicken(boolean isSick) {
        sick = isSick;
    }

    private void answer(Request request, Peer peer) throws IOException, InterruptedException {
        String fact = facts.get(request.path());
        if (request.path().equals(flavor.path())) {
            JsonField body = JsonField.root(Json.parse(request.body(), JsonLimits.REQUEST));
            GenerationRequest asked = flavor.request(body);
            var good = new Good(asked, flavor.answer(asked, body));
            if (asked.prompt().size() == 1 && !sick) {
                good.writeTo(peer);
            } else {
                script.answer(good, peer);
            }
        } else {
            peer.answer(fact == null ? 404 : 200, "application/json", fact == null ? "{}" : fact);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /// The answer a request should get: as many self-verifying tokens as it asks for.
    static final class Good {
        private final GenerationRequest request;
        private final List<String> events;

        Good(GenerationRequest request, Flavor.Answer answer) {
            this.request = request;
            this.events = events(answer);
        }

        GenerationRequest request() {
            return request;
        }

        /// One event after the other; the last are those that come with and behind the end.
        List<String> events() {
            return events;
        }

        private List<String> events(Flavor.Answer answer) {
            int count = request.stops().maxTokens();
            var tokens =
                    new SelfVerifyingTokens(
                            request.prompt(), request.sampling().seed(), Remotes.RANGE);
            List<String> said = new ArrayList<>(answer.start(0));
            for (int i = 0; i < count; i++) {
                List<GeneratedToken> next = List.of(GeneratedToken.of(tokens.next()));
                boolean last = i == count - 1;
                said.addAll(answer.tokens(next, last ? Optional.of(end()) : Optional.empty()));
            }
            if (answer.isDoneSaid()) {
                said.add("[DONE]");
            }
            return said;
        }

        private Finished end() {
            var usage = new TokenUsage(request.prompt().size(), 0, request.stops().maxTokens());
            return new Finished(FinishReason.LENGTH, usage);
        }

        /// The whole answer as it goes over the wire.
        byte[] bytes() {
            var text = new StringBuilder(ScriptedServer.EVENTS_HEAD);
            events().forEach(it -> text.append(ScriptedServer.chunk("data: " + it + "\n\n")));
            return text.append("0\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
        }

        void writeTo(Peer peer) throws IOException {
            peer.write(bytes());
        }
    }
}
