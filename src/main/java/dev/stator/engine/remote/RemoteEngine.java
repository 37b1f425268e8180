package dev.stator.engine.remote;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.FailureKind;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationEnd.Failed;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.engine.TokenSink;
import dev.stator.engine.remote.dialect.Dialect;
import dev.stator.platform.codec.Json;
import dev.stator.platform.http.client.ClientRequest;
import dev.stator.platform.http.client.HttpClient;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Generates in a running inference server. Thread-safe.
///
/// Each generation is one request on a connection of its own for as long as it runs; cancelling it
/// closes that connection, which makes the server stop. Sinks are called on the event loops.
public final class RemoteEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteEngine.class);
    private static final TokenIds CHECK_PROMPT = TokenIds.of(0);

    private final RemoteConfig config;
    private final HttpClient client;
    private final RemoteServer server;
    private final RemoteHealth health;
    private final Set<RemoteGeneration> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean closed;

    private RemoteEngine(RemoteConfig config, HttpClient client, RemoteServer server) {
        this.config = config;
        this.client = client;
        this.server = server;
        this.health = new RemoteHealth(this::check, config.limits());
    }

    /// Finds out about the server and has it produce a token. Throws `IOException`, with the
    /// server's address in its message, when it does not.
    public static RemoteEngine open(RemoteConfig config) throws IOException, InterruptedException {
        var client = new HttpClient(config.limits().http(), config.limits().eventLoops());
        boolean opened = false;
        try {
            var questions = new ServerQuestions(client, config);
            var engine =
                    new RemoteEngine(config, client, new ServerProbe(questions, config).probe());
            engine.prove();
            engine.health.start();
            opened = true;
            return engine;
        } finally {
            if (!opened) {
                client.close();
            }
        }
    }

    private void prove() throws IOException, InterruptedException {
        if (check() instanceof Failed(EngineFailure failure)
                && failure.kind() != FailureKind.OVERLOADED) {
            throw new IOException(
                    "%s at %s produces no token: %s"
                            .formatted(server.software(), config.address(), failure.message()));
        }
        LOG.info(
                "attached to {} at {} as {}: {}; of these it said {}",
                server.software(),
                config.address(),
                server.dialect().name(),
                server.info(),
                server.said());
        if (!server.dialect().countsExactly()) {
            LOG.warn("{} knows only text: its answers are tokenized here", config.address());
        }
    }

    @Override
    public EngineInfo info() {
        return server.info();
    }

    /// What was found out about the server when it was attached to.
    public RemoteServer server() {
        return server;
    }

    /// Whether the server produces tokens.
    public RemoteHealth health() {
        return health;
    }

    /// Requests in the server.
    public int running() {
        return requests.get();
    }

    @Override
    public Generation generate(GenerationRequest request, TokenSink sink) {
        if (!health.isUp()) {
            return refused(request, sink, unavailable("the engine is down"));
        }
        return send(request, sink);
    }

    /// A server of one rank is not told which.
    private Generation send(GenerationRequest wanted, TokenSink sink) {
        GenerationRequest request =
                config.ranks() > 1 ? wanted : wanted.withRank(OptionalInt.empty());
        Optional<EngineFailure> refusal = refusal(request);
        if (refusal.isPresent()) {
            return refused(request, sink, refusal.get());
        }
        if (requests.incrementAndGet() > config.limits().requestsMax()) {
            requests.decrementAndGet();
            return refused(request, sink, overloaded());
        }
        Dialect dialect = server.dialect();
        String wireId = request.id() + "-" + sent.incrementAndGet();
        int room = server.info().contextLengthTokens() - request.prompt().size();
        int maxTokens = Math.min(request.stops().maxTokens(), room);
        String body = Json.write(dialect.body(request, wireId, maxTokens));
        RemoteGeneration generation = generation(request, sink, maxTokens, new InServer(wireId));
        running.add(generation);
        ClientRequest post = ClientRequest.post(config.address(), dialect.path(), body);
        for (Map.Entry<String, String> header : dialect.headers(request).entrySet()) {
            post = post.with(header.getKey(), header.getValue());
        }
        generation.attach(
                client.stream(
                        Requests.signed(post, config), config.limits().headTimeout(), generation));
        if (closed) {
            generation.close();
        }
        return generation;
    }

    private RemoteGeneration generation(
            GenerationRequest request,
            TokenSink sink,
            int maxTokens,
            RemoteGeneration.Observer observer) {
        Dialect dialect = server.dialect();
        int rank = request.rank().orElse(0);
        var terms =
                new RemoteGeneration.Terms(
                        rank == 0 ? config.worker() : config.worker() + "." + rank,
                        maxTokens,
                        dialect.countsExactly(),
                        config.limits());
        return new RemoteGeneration(
                request, sink, dialect.reader(request, maxTokens), terms, observer);
    }

    private Optional<EngineFailure> refusal(GenerationRequest request) {
        int context = server.info().contextLengthTokens();
        int prompt = request.prompt().size();
        if (closed) {
            return Optional.of(unavailable("the engine is closed"));
        }
        if (prompt >= context) {
            return Optional.of(
                    invalid(
                            "the prompt has %d tokens, the context length is %d"
                                    .formatted(prompt, context)));
        }
        int rank = request.rank().orElse(0);
        if (rank >= config.ranks()) {
            return Optional.of(invalid("rank %d of %d ranks".formatted(rank, config.ranks())));
        }
        return server.dialect().unsupported(request).map(RemoteEngine::invalid);
    }

    private Generation refused(GenerationRequest request, TokenSink sink, EngineFailure failure) {
        RemoteGeneration generation = generation(request, sink, 1, NotInServer.INSTANCE);
        generation.refuse(failure);
        return generation;
    }

    private EngineFailure overloaded() {
        String message =
                "%d requests are in the engine, which is the limit"
                        .formatted(config.limits().requestsMax());
        return new EngineFailure(
                FailureKind.OVERLOADED, message, Optional.of(config.limits().retryAfter()));
    }

    private static EngineFailure unavailable(String message) {
        return EngineFailure.of(FailureKind.UNAVAILABLE, message);
    }

    private static EngineFailure invalid(String message) {
        return EngineFailure.of(FailureKind.INVALID_REQUEST, message);
    }

    /// Asks for one token, whether the server is up or not.
    private GenerationEnd check() throws InterruptedException {
        var request =
                new GenerationRequest(
                        "check",
                        CHECK_PROMPT,
                        SamplingParams.GREEDY,
                        new StopConditions(1, 0, Set.of()),
                        OptionalInt.empty(),
                        CacheNamespace.SHARED);
        var end = new CompletableFuture<GenerationEnd>();
        try (Generation _ = send(request, new EndOnly(end))) {
            return end.get(config.limits().checkTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            String message = "no token within " + config.limits().checkTimeout();
            return new Failed(EngineFailure.of(FailureKind.TIMED_OUT, message));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Cancels what runs; waits for the connections to be closed, unless a sink calls it.
    @Override
    public void close() {
        closed = true;
        health.close();
        running.forEach(RemoteGeneration::close);
        client.close();
    }

    /// Passes on the end alone.
    private record EndOnly(CompletableFuture<GenerationEnd> end) implements TokenSink {
        @Override
        public void onStart(GenerationStart start) {}

        @Override
        public void onToken(GeneratedToken token) {}

        @Override
        public void onEnd(GenerationEnd how) {
            end.complete(how);
        }
    }

    /// For requests that are refused here.
    private enum NotInServer implements RemoteGeneration.Observer {
        INSTANCE;

        @Override
        public void onToken() {}

        @Override
        public void onEnd(RemoteGeneration generation, GenerationEnd end, boolean unfinished) {}
    }

    /// Books a request out of the server and draws conclusions from how it went.
    private final class InServer implements RemoteGeneration.Observer {
        private final String wireId;

        InServer(String wireId) {
            this.wireId = wireId;
        }

        @Override
        public void onToken() {
            health.alive();
        }

        @Override
        public void onEnd(RemoteGeneration generation, GenerationEnd end, boolean unfinished) {
            running.remove(generation);
            requests.decrementAndGet();
            if (unfinished && !closed) {
                server.dialect().stop(wireId).ifPresent(this::stop);
            }
            if (end instanceof Failed(EngineFailure failure) && mayBeTheServers(failure)) {
                health.suspect();
            }
        }

        private void stop(Dialect.StopCall stop) {
            ClientRequest post =
                    ClientRequest.post(config.address(), stop.path(), Json.write(stop.body()));
            var _ =
                    client.fetch(Requests.signed(post, config), config.limits().probeTimeout())
                            .exceptionally(
                                    e -> {
                                        LOG.debug("{} could not be aborted", wireId, e);
                                        return null;
                                    });
        }

        private static boolean mayBeTheServers(EngineFailure failure) {
            return switch (failure.kind()) {
                case UNAVAILABLE, TIMED_OUT, INTERNAL -> true;
                case INVALID_REQUEST, OVERLOADED -> false;
            };
        }
    }
}
