package dev.stator.engine.remote;

import dev.stator.engine.Engine;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationEnd.Failed;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenSink;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;
import dev.stator.testing.ScriptedServer;
import dev.stator.testing.ScriptedServer.Peer;
import dev.stator.testing.ScriptedServer.Request;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// An engine behind HTTP, the way one kind of server talks.
final class SpokenEngine implements AutoCloseable {
    private final Engine engine;
    private final Flavor flavor;
    private final Map<String, String> facts;
    private final ScriptedServer server;

    /// Owns `engine`.
    SpokenEngine(Engine engine, Flavor flavor) throws IOException {
        this.engine = engine;
        this.flavor = flavor;
        this.facts = flavor.facts(engine.info());
        this.server = new ScriptedServer(this::answer);
    }

    ScriptedServer server() {
        return server;
    }

    private void answer(Request request, Peer peer) throws IOException, InterruptedException {
        String fact = facts.get(request.path());
        if (request.path().equals(flavor.path())) {
            generate(Json.parse(request.body(), JsonLimits.REQUEST), peer);
        } else if (fact != null) {
            peer.answer(200, "application/json", fact);
        } else {
            peer.answer(404, "application/json", "{\"detail\": \"Not Found\"}");
        }
    }

    private void generate(JsonValue body, Peer peer) throws IOException, InterruptedException {
        JsonField field = JsonField.root(body);
        GenerationRequest request = flavor.request(field);
        Flavor.Answer answer = flavor.answer(request, field);
        var queue = new LinkedBlockingQueue<Object>();
        try (Generation _ = engine.generate(request, new QueueSink(queue))) {
            Object first = queue.take();
            if (first instanceof Failed(var failure)) {
                int status = Flavor.status(failure.kind());
                peer.answer(status, "application/json", Flavor.error(failure));
                return;
            }
            peer.openEvents();
            if (first instanceof GenerationStart start) {
                for (String event : answer.start(start.cachedTokens())) {
                    peer.event(event);
                }
                stream(queue, answer, peer);
            }
        }
    }

    /// The last token waits for the end, with which it is sent.
    private static void stream(BlockingQueue<Object> queue, Flavor.Answer answer, Peer peer)
            throws IOException, InterruptedException {
        Optional<GeneratedToken> held = Optional.empty();
        while (true) {
            Object next = queue.take();
            List<GeneratedToken> tokens = held.stream().toList();
            if (next instanceof GeneratedToken token) {
                if (held.isPresent()) {
                    write(answer.tokens(tokens, Optional.empty()), peer);
                }
                held = Optional.of(token);
            } else if (next instanceof Finished end) {
                write(answer.tokens(tokens, Optional.of(end)), peer);
                if (answer.isDoneSaid()) {
                    peer.event("[DONE]");
                }
                peer.endChunks();
                return;
            } else {
                throw new IOException("the engine ended by " + next);
            }
        }
    }

    private static void write(List<String> events, Peer peer) throws IOException {
        for (String event : events) {
            peer.event(event);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        engine.close();
    }

    /// Puts everything it hears into a queue.
    private record QueueSink(BlockingQueue<Object> queue) implements TokenSink {
        @Override
        public void onStart(GenerationStart start) {
            queue.add(start);
        }

        @Override
        public void onToken(GeneratedToken token) {
            queue.add(token);
        }

        @Override
        public void onEnd(GenerationEnd end) {
            queue.add(end);
        }
    }
}
