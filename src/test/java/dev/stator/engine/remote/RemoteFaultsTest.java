package dev.stator.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationEnd.Failed;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.Requests;
import dev.stator.engine.remote.ScriptedEngine.Good;
import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.testing.Eventually;
import dev.stator.testing.ScriptedServer;
import dev.stator.testing.ScriptedServer.Peer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What happens to requests when the server behind them misbehaves. A good answer has three tokens;
/// the number of the fault stands in the seed, and seed 0 is answered well.
class RemoteFaultsTest {
    private static final int TOKENS = 3;
    private static final Duration SILENCE = Duration.ofMillis(400);

    static Stream<Flavor> flavors() {
        return Stream.of(
                new VllmFlavor(),
                new SglangFlavor(false),
                new SglangFlavor(true),
                new LlamaCppFlavor());
    }

    private static GenerationRequest request(long seed) {
        return Requests.request("r", Requests.prompt(2, 1), TOKENS, seed);
    }

    private static List<Integer> expected(GenerationRequest request) {
        var tokens =
                new SelfVerifyingTokens(request.prompt(), request.sampling().seed(), Remotes.RANGE);
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < request.stops().maxTokens(); i++) {
            ids.add(tokens.next());
        }
        return ids;
    }

    private static RecordingSink run(RemoteEngine engine, GenerationRequest request)
            throws InterruptedException {
        var sink = new RecordingSink();
        engine.generate(request, sink);
        sink.awaitEnd();
        return sink;
    }

    private static RemoteEngine open(ScriptedEngine server, RemoteLimits limits)
            throws IOException, InterruptedException {
        return RemoteEngine.open(Remotes.config(server.server(), limits));
    }

    private static void isWell(RemoteEngine engine) throws InterruptedException {
        RecordingSink sink = run(engine, request(0));
        assertThat(sink.awaitEnd()).isInstanceOf(Finished.class);
        assertThat(sink.ids()).isEqualTo(expected(request(0)));
    }

    /// Nothing is left of what ran.
    private static void isClean(RemoteEngine engine, ScriptedEngine server) {
        Eventually.await().until(() -> engine.running() == 0);
        engine.close();
        Eventually.await().until(() -> server.server().open() == 0);
    }

    @ParameterizedTest
    @MethodSource("flavors")
    void brokenOffAnywhereIsAFailureOrTheWholeAnswer(Flavor flavor) throws Exception {
        try (var server =
                new ScriptedEngine(
                        flavor,
                        (good, peer) -> {
                            byte[] all = good.bytes();
                            int cut = (int) good.request().sampling().seed();
                            peer.write(cut == 0 ? all : Arrays.copyOf(all, cut - 1));
                            if (cut > 0) {
                                peer.close();
                            }
                        })) {
            RemoteEngine engine = open(server, Remotes.limits(16));
            int finished = 0;
            for (int cut = 1; finished < 2 && cut < 5_000; cut++) {
                RecordingSink sink = run(engine, request(cut));
                List<Integer> whole = expected(request(cut));
                assertThat(whole.subList(0, sink.ids().size())).isEqualTo(sink.ids());
                if (sink.awaitEnd() instanceof Failed(EngineFailure failure)) {
                    assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
                } else {
                    assertThat(sink.ids()).isEqualTo(whole);
                    finished++;
                }
            }
            assertThat(finished).isEqualTo(2);
            isWell(engine);
            isClean(engine, server);
        }
    }

    @ParameterizedTest
    @MethodSource("flavors")
    void garbageIsADefectOfTheServerAndHarmsNobodyElse(Flavor flavor) throws Exception {
        var release = new CountDownLatch(1);
        try (var server =
                new ScriptedEngine(
                        flavor,
                        (good, peer) -> {
                            int fault = (int) good.request().sampling().seed();
                            if (fault == 0) {
                                slowly(good, peer, release);
                            } else {
                                peer.openEvents()
                                        .event(Faults.GARBAGE.get(fault - 1))
                                        .awaitClosed();
                            }
                        })) {
            RemoteEngine engine = open(server, Remotes.limits(16));
            var bystander = new RecordingSink();
            engine.generate(request(0), bystander);
            for (int fault = 1; fault <= Faults.GARBAGE.size(); fault++) {
                RecordingSink sink = run(engine, request(fault));
                assertThat(sink.awaitFailure().kind())
                        .as(Faults.GARBAGE.get(fault - 1))
                        .isEqualTo(FailureKind.INTERNAL);
                assertThat(sink.awaitFailure().message()).startsWith("the engine");
            }
            release.countDown();
            assertThat(bystander.awaitEnd()).isInstanceOf(Finished.class);
            assertThat(bystander.ids()).isEqualTo(expected(request(0)));
            isClean(engine, server);
        }
    }

    private static void slowly(Good good, Peer peer, CountDownLatch release)
            throws IOException, InterruptedException {
        peer.openEvents();
        List<String> events = good.events();
        peer.event(events.getFirst());
        release.await();
        for (String event : events.subList(1, events.size())) {
            peer.event(event);
        }
        peer.endChunks();
    }

    @ParameterizedTest
    @MethodSource("flavors")
    void refusalsHaveTheirKindAndTheServersWords(Flavor flavor) throws Exception {
        try (var server =
                new ScriptedEngine(
                        flavor,
                        (good, peer) -> {
                            int fault = (int) good.request().sampling().seed();
                            if (fault == 0) {
                                good.writeTo(peer);
                            } else {
                                peer.write(Faults.REFUSALS.get(fault - 1).answer());
                            }
                        })) {
            RemoteEngine engine = open(server, Remotes.limits(16));
            for (int fault = 1; fault <= Faults.REFUSALS.size(); fault++) {
                Faults.Refusal refusal = Faults.REFUSALS.get(fault - 1);
                EngineFailure failure = run(engine, request(fault)).awaitFailure();
                assertThat(failure.kind()).as("fault " + fault).isEqualTo(refusal.kind());
                assertThat(failure.message()).contains(refusal.message());
                if (refusal.answer().contains("Retry-After")) {
                    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
                }
            }
            isWell(engine);
            isClean(engine, server);
        }
    }

    @ParameterizedTest
    @MethodSource("flavors")
    void silenceEndsInATimeoutThatSaysWhere(Flavor flavor) throws Exception {
        List<String> messages = List.of("no answer", "no token", "no token", "no further token");
        try (var server =
                new ScriptedEngine(
                        flavor,
                        (good, peer) -> {
                            int fault = (int) good.request().sampling().seed();
                            if (fault > 1) {
                                peer.openEvents();
                            }
                            if (fault == 3) {
                                peer.write(ScriptedServer.chunk(": ping\n\n"));
                            }
                            if (fault == 4) {
                                peer.event(good.events().get(0)).event(good.events().get(1));
                            }
                            peer.awaitClosed();
                        })) {
            RemoteEngine engine = open(server, Remotes.limits(16, SILENCE, Remotes.LONG));
            for (int fault = 1; fault <= messages.size(); fault++) {
                EngineFailure failure = run(engine, request(fault)).awaitFailure();
                assertThat(failure.kind()).isEqualTo(FailureKind.TIMED_OUT);
                assertThat(failure.message()).contains(messages.get(fault - 1));
            }
            isClean(engine, server);
        }
    }

    @ParameterizedTest
    @MethodSource("flavors")
    void anAnswerWithoutItsEndIsNoAnswer(Flavor flavor) throws Exception {
        try (var server =
                new ScriptedEngine(
                        flavor,
                        (good, peer) -> {
                            List<String> events = good.events();
                            peer.openEvents().event(events.get(0)).event(events.get(1));
                            peer.endChunks();
                        })) {
            RemoteEngine engine = open(server, Remotes.limits(16));

            assertThat(run(engine, request(1)).awaitFailure().kind())
                    .isEqualTo(FailureKind.UNAVAILABLE);
            isClean(engine, server);
        }
    }

    @ParameterizedTest
    @MethodSource("flavors")
    void keptConnectionsThatTheServerClosesDoNotMatter(Flavor flavor) throws Exception {
        try (var server = new ScriptedEngine(flavor, (good, peer) -> good.writeTo(peer))) {
            RemoteEngine engine = open(server, Remotes.limits(16));
            for (int i = 0; i < 10; i++) {
                isWell(engine);
                server.server().closeConnections();
            }
            isClean(engine, server);
        }
    }

    @ParameterizedTest
    @MethodSource("flavors")
    void halfACharacterIsUnreadable(Flavor flavor) throws Exception {
        try (var server =
                new ScriptedEngine(
                        flavor,
                        (good, peer) -> {
                            peer.openEvents();
                            peer.write("9\r\ndata: ").write(new byte[] {(byte) 0xe2, (byte) 0x82});
                            peer.write("\n\r\n1\r\n\n\r\n").awaitClosed();
                        })) {
            RemoteEngine engine = open(server, Remotes.limits(16));
            EngineFailure failure = run(engine, request(1)).awaitFailure();

            assertThat(failure.kind()).isEqualTo(FailureKind.INTERNAL);
            assertThat(failure.message()).contains("UTF-8");
            isClean(engine, server);
        }
    }

    @ParameterizedTest
    @MethodSource("flavors")
    void cancellingReachesTheServer(Flavor flavor) throws Exception {
        var closed = new CountDownLatch(1);
        try (var server =
                new ScriptedEngine(
                        flavor,
                        (good, peer) -> {
                            peer.openEvents().event(good.events().get(0));
                            peer.event(good.events().get(1)).awaitClosed();
                            closed.countDown();
                        })) {
            RemoteEngine engine = open(server, Remotes.limits(16));
            var token = new CountDownLatch(1);
            var sink = new RecordingSink(_ -> token.countDown());
            try (var _ = engine.generate(request(1), sink)) {
                assertThat(token.await(20, TimeUnit.SECONDS)).isTrue();
            }
            GenerationEnd end = sink.awaitEnd();
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(end).isInstanceOf(Finished.class);
            if (flavor instanceof SglangFlavor) {
                Eventually.await()
                        .until(
                                () ->
                                        server.server().requests().stream()
                                                .anyMatch(RemoteFaultsTest::aborts));
            }
            isClean(engine, server);
        }
    }

    private static boolean aborts(ScriptedServer.Request request) {
        return request.path().equals("/abort_request")
                && request.body().matches("\\{\"rid\":\"r-\\d+\"}");
    }

    static Stream<Arguments> flavorsAndSeeds() {
        return flavors()
                .flatMap(
                        flavor ->
                                LongStream.range(0, 5)
                                        .mapToObj(seed -> Arguments.of(flavor, seed)));
    }

    @ParameterizedTest
    @MethodSource("flavorsAndSeeds")
    void damagedAnswersAlwaysEnd(Flavor flavor, long seed) throws Exception {
        var random = new SplittableRandom(seed);
        try (var server =
                new ScriptedEngine(
                        flavor, (good, peer) -> peer.write(damaged(good, random)).close())) {
            RemoteEngine engine = open(server, Remotes.limits(16));
            for (int i = 1; i <= 40; i++) {
                RecordingSink sink = run(engine, request(i));

                assertThat(sink.ids().size()).isLessThanOrEqualTo(TOKENS);
            }
            isClean(engine, server);
        }
    }

    private static byte[] damaged(Good good, SplittableRandom random) {
        String text = new String(good.bytes(), StandardCharsets.ISO_8859_1);
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(4));
        String instead = "\"{[]}:,0-e\r\n\0".charAt(random.nextInt(13)) + "";
        String damaged = text.substring(0, at) + instead + text.substring(end);
        return damaged.getBytes(StandardCharsets.ISO_8859_1);
    }
}
