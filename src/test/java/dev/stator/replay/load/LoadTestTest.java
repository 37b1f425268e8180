package dev.stator.replay.load;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.http.client.HttpAddress;
import dev.stator.replay.load.LoadSetup.Check;
import dev.stator.replay.load.TargetProbe.Wish;
import dev.stator.replay.load.ledger.Discrepancies;
import dev.stator.replay.load.plan.Arrivals;
import dev.stator.replay.load.plan.MadeRequests;
import dev.stator.replay.load.plan.MadeRequests.Limit;
import dev.stator.replay.load.plan.RequestShapes;
import dev.stator.replay.load.plan.RequestSource;
import dev.stator.replay.load.result.LoadSummary;
import dev.stator.replay.load.result.Slo;
import dev.stator.replay.load.result.Verdict;
import dev.stator.testing.ScriptedServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

class LoadTestTest {
    private static final List<Integer> NO_ROOM = List.of(429, 503, 529);
    private static final int REQUESTS = 6;
    private static final int OUTPUT_TOKENS = 20;
    private static final RequestShapes SHAPES = new RequestShapes(32, 0, 1, OUTPUT_TOKENS);
    private static final Conduct PLAIN = new Conduct(0, Duration.ofMillis(1), 0, 4);

    private static RequestSource requests(double perSecond) {
        var limit = new Limit(REQUESTS, Duration.ofMinutes(1).toNanos(), 5);
        return MadeRequests.open(SHAPES, limit, Arrivals.constant(perSecond));
    }

    private static LoadSetup setup(Conduct conduct, int streamsMax, Check check) {
        return new LoadSetup(conduct, Slo.NONE, streamsMax, Duration.ofSeconds(20), 1, check);
    }

    private static Wish wish(String url) {
        return new Wish(
                HttpAddress.parse(url), Optional.empty(), Optional.empty(), true, Optional.empty());
    }

    private static LoadSummary run(ScriptedModel model, LoadSetup setup) throws Exception {
        try (var test = LoadTest.open(wish(model.url()), setup, requests(500), _ -> {})) {
            return test.run();
        }
    }

    private static LoadSummary run(ScriptedModel.Damage damage) throws Exception {
        try (var model = ScriptedModel.damaged(damage)) {
            return run(model, setup(PLAIN, 100, Check.TOKENS));
        }
    }

    /// A run in which every answer but the probe's is given this way.
    private static LoadSummary run(ScriptedModel.Fault fault) throws Exception {
        try (var model = new ScriptedModel(fault)) {
            return run(model, setup(PLAIN, 100, Check.AUTO));
        }
    }

    @Test
    void faultlessAnswersAreVerifiedTokenByToken() throws Exception {
        LoadSummary summary = run(_ -> {});

        assertThat(summary.count(Verdict.COMPLETED)).isEqualTo(REQUESTS);
        assertThat(summary.isFaultless()).isTrue();
        assertThat(summary.verification().how()).isEqualTo("every token recomputed");
        assertThat(summary.tokens().output()).isEqualTo(REQUESTS * OUTPUT_TOKENS);
        assertThat(summary.latencies().gap().count()).isEqualTo(REQUESTS * (OUTPUT_TOKENS - 1));
        assertThat(summary.facts()).containsEntry("requests as", "completions of token ids");
    }

    @Test
    void aDroppedTokenIsReported() throws Exception {
        assertThat(run(tokens -> tokens.subList(7, 8).clear()).verification().found())
                .isEqualTo(new Discrepancies(REQUESTS, 0, 0, 0));
    }

    @Test
    void aDuplicatedTokenIsReported() throws Exception {
        LoadSummary summary = run(tokens -> tokens.add(7, tokens.get(6)));

        assertThat(summary.verification().found()).isEqualTo(new Discrepancies(0, REQUESTS, 0, 0));
        assertThat(summary.isFaultless()).isFalse();
    }

    @Test
    void tokensThatChangePlacesAreReported() throws Exception {
        assertThat(run(tokens -> Collections.swap(tokens, 3, 4)).verification().found())
                .isEqualTo(new Discrepancies(0, 0, REQUESTS, 0));
    }

    @Test
    void aCutEndIsReportedThoughTheStreamEndsInOrder() throws Exception {
        assertThat(run(tokens -> tokens.subList(15, 20).clear()).verification().found())
                .isEqualTo(new Discrepancies(5 * REQUESTS, 0, 0, 0));
    }

    @Test
    void aServerWithoutRoomRejectsAndFailsNothing() throws Exception {
        LoadSummary summary =
                run(
                        (number, tokens, peer) -> {
                            if (number % 2 == 0) {
                                ScriptedModel.stream(tokens, peer);
                            } else {
                                String error = "{\"error\":{\"type\":\"rate_limit_error\"}}";
                                int status = NO_ROOM.get(number / 2 % NO_ROOM.size());
                                peer.answer(status, "application/json", error);
                            }
                        });

        assertThat(summary.count(Verdict.REJECTED)).isEqualTo(REQUESTS / 2);
        assertThat(summary.count(Verdict.COMPLETED)).isEqualTo(REQUESTS / 2);
        assertThat(summary.good()).isEqualTo(REQUESTS / 2);
        assertThat(summary.reasons().keySet())
                .containsExactly(
                        "HTTP 429 rate_limit_error",
                        "HTTP 503 rate_limit_error",
                        "HTTP 529 rate_limit_error");
        assertThat(summary.isFaultless()).isTrue();
    }

    @Test
    void everyWayOfBreakingOffIsAFailureOfItsOwnKind() throws Exception {
        LoadSummary summary =
                run(
                        (number, tokens, peer) -> {
                            if (number == 1) {
                                peer.answer(500, "text/plain", "oops");
                                return;
                            }
                            peer.openEvents();
                            ScriptedModel.token(tokens.getFirst(), peer);
                            switch (number) {
                                case 2 -> peer.close();
                                case 3 -> peer.event("{\"error\":{\"type\":\"lost\"}}").endChunks();
                                case 4 -> peer.event("no JSON").endChunks();
                                case 5 -> peer.endChunks();
                                default -> peer.event("[DONE]").endChunks();
                            }
                        });

        assertThat(summary.count(Verdict.FAILED)).isEqualTo(REQUESTS);
        assertThat(summary.reasons())
                .containsOnlyKeys(
                        "HTTP 500",
                        "lost",
                        "error event: lost",
                        "an event that is no chunk",
                        "the stream ended without [DONE]",
                        "the stream ended without a finish reason");
        assertThat(summary.verification().found()).isEqualTo(Discrepancies.NONE);
    }

    /// One stream may be open, and the server keeps the first one: those behind it are measured
    /// from when they were due.
    @Test
    void aServerThatStallsIsNotSparedTheRequestsThatWaitedForIt() throws Exception {
        long stallMillis = 300;
        var running = new AtomicReference<LoadTest>();
        try (var model =
                        new ScriptedModel(
                                (number, tokens, peer) -> {
                                    if (number == 1) {
                                        await().until(() -> millis(running) > stallMillis);
                                    }
                                    ScriptedModel.stream(tokens, peer);
                                });
                var test =
                        LoadTest.open(
                                wish(model.url()),
                                setup(PLAIN, 1, Check.AUTO),
                                requests(500),
                                _ -> {})) {
            running.set(test);
            LoadSummary summary = test.run();

            long dueOfLastMillis = 1_000 * REQUESTS / 500;
            assertThat(summary.latencies().ttft().quantileNanos(0) / 1_000_000)
                    .isGreaterThanOrEqualTo(stallMillis - dueOfLastMillis);
            assertThat(summary.latencies().lag().maxNanos() / 1_000_000)
                    .isGreaterThanOrEqualTo(stallMillis - dueOfLastMillis);
        }
    }

    private static long millis(AtomicReference<LoadTest> running) {
        return running.get().progress().nanos() / 1_000_000;
    }

    @Test
    void aPauseBetweenTokensIsTheLongestGap() throws Exception {
        try (var model =
                        new ScriptedModel(
                                (_, tokens, peer) -> {
                                    peer.openEvents();
                                    ScriptedModel.token(tokens.getFirst(), peer);
                                    long begin = System.nanoTime();
                                    await().until(() -> System.nanoTime() - begin > 50_000_000);
                                    for (int token : tokens.subList(1, tokens.size())) {
                                        ScriptedModel.token(token, peer);
                                    }
                                    ScriptedModel.end(peer);
                                });
                var test =
                        LoadTest.open(
                                wish(model.url()),
                                setup(PLAIN, 4, Check.AUTO),
                                requests(500),
                                _ -> {})) {
            LoadSummary summary = test.run();

            assertThat(summary.latencies().gap().maxNanos()).isGreaterThan(25_000_000);
            assertThat(summary.isFaultless()).isTrue();
        }
    }

    @Test
    void clientsThatLeaveAreCountedAndTheirTokensVerified() throws Exception {
        try (var model =
                new ScriptedModel(
                        (_, tokens, peer) -> {
                            peer.openEvents();
                            Collections.swap(tokens, 0, 1);
                            for (int token : tokens) {
                                ScriptedModel.token(token, peer);
                            }
                            peer.awaitClosed();
                        })) {
            var leaving = new Conduct(0, Duration.ofMillis(1), 1, 4);
            LoadSummary summary = run(model, setup(leaving, 100, Check.AUTO));

            assertThat(summary.count(Verdict.DISCONNECTED)).isEqualTo(REQUESTS);
            assertThat(summary.verification().found().total()).isPositive();
        }
    }

    @Test
    void slowReadersGetEverythingAndAreNotInTheLatencies() throws Exception {
        try (var model = ScriptedModel.damaged(_ -> {})) {
            var slow = new Conduct(1, Duration.ofMillis(1), 0, 4);
            LoadSummary summary = run(model, setup(slow, 100, Check.TOKENS));

            assertThat(summary.count(Verdict.COMPLETED)).isEqualTo(REQUESTS);
            assertThat(summary.isFaultless()).isTrue();
            assertThat(summary.latencies().ttft().count()).isZero();
            assertThat(summary.latencies().gap().count()).isZero();
        }
    }

    @Test
    void aRunThatIsStoppedReportsWhatItHas() throws Exception {
        var reached = new CountDownLatch(REQUESTS - 1);
        try (var model =
                        new ScriptedModel(
                                (number, tokens, peer) -> {
                                    if (number == 1) {
                                        ScriptedModel.stream(tokens, peer);
                                    } else {
                                        reached.countDown();
                                        peer.awaitClosed();
                                    }
                                });
                var test =
                        LoadTest.open(
                                wish(model.url()),
                                setup(PLAIN, 100, Check.AUTO),
                                requests(500),
                                _ -> {})) {
            Thread.ofVirtual().start(() -> stopWhen(reached, test));
            LoadSummary summary = test.run();

            assertThat(summary.count(Verdict.UNFINISHED)).isEqualTo(REQUESTS - 1);
            assertThat(summary.count(Verdict.COMPLETED)).isEqualTo(1);
        }
    }

    private static void stopWhen(CountDownLatch reached, LoadTest test) {
        try {
            reached.await();
            test.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void withoutASimulatedTargetCountsAreCheckedAndThatIsSaid() throws Exception {
        try (var server = new ScriptedServer((request, peer) -> plainAnswer(request, peer, 3));
                var test =
                        LoadTest.open(
                                wish(server.url()),
                                setup(PLAIN, 100, Check.AUTO),
                                requests(500),
                                _ -> {})) {
            LoadSummary summary = test.run();

            assertThat(summary.facts()).containsEntry("requests as", "chat completions");
            assertThat(summary.verification().how()).startsWith("counts only");
            assertThat(summary.count(Verdict.COMPLETED)).isEqualTo(REQUESTS);
            assertThat(summary.tokens().cached()).isEqualTo(REQUESTS * 4);
            assertThat(summary.verification().found())
                    .isEqualTo(new Discrepancies((OUTPUT_TOKENS - 3) * REQUESTS, 0, 0, 0));
        }
    }

    @Test
    void aTargetThatMustBeVerifiedAndCannotIsRefused() throws Exception {
        try (var server = new ScriptedServer((request, peer) -> plainAnswer(request, peer, 3))) {
            assertThatThrownBy(
                            () ->
                                    LoadTest.open(
                                            wish(server.url()),
                                            setup(PLAIN, 100, Check.TOKENS),
                                            requests(500),
                                            _ -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("serves no simulated engine");
        }
    }

    @Test
    void aServerThatTakesNothingIsQuoted() throws Exception {
        try (var server =
                new ScriptedServer(
                        (request, peer) ->
                                peer.answer(
                                        request.path().equals("/v1/models") ? 200 : 400,
                                        "application/json",
                                        "{\"data\":[{\"id\":\"m\"}],\"why\":\"not today\"}"))) {
            assertThatThrownBy(
                            () ->
                                    LoadTest.open(
                                            wish(server.url()),
                                            setup(PLAIN, 100, Check.AUTO),
                                            requests(500),
                                            _ -> {}))
                    .hasMessageContaining("chat completions: 400")
                    .hasMessageContaining("not today");
        }
    }

    /// A server without completions and token ids, whose output is always so long.
    private static void plainAnswer(
            ScriptedServer.Request request, ScriptedServer.Peer peer, int tokens)
            throws IOException {
        switch (request.path()) {
            case "/v1/models" ->
                    peer.answer(200, "application/json", "{\"data\":[{\"id\":\"plain\"}]}");
            case "/v1/chat/completions" -> {
                peer.openEvents();
                peer.event("{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}");
                for (int i = 0; i < tokens; i++) {
                    peer.event("{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}");
                }
                peer.event("{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}");
                peer.event(
                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":%d,"
                                        .formatted(tokens)
                                + "\"prompt_tokens_details\":{\"cached_tokens\":4}}}");
                peer.event("[DONE]");
                peer.endChunks();
            }
            default -> peer.answer(404, "application/json", "{}");
        }
    }
}
