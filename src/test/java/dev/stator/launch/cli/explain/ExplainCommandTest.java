package dev.stator.launch.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.frontend.Frontend;
import dev.stator.frontend.FrontendConfig;
import dev.stator.frontend.HealthSource;
import dev.stator.frontend.ModelDirectory;
import dev.stator.frontend.Operations;
import dev.stator.frontend.TimeAndChance;
import dev.stator.frontend.explain.DecisionSource;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.CostModel;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.explain.DecisionLog;
import dev.stator.routing.explain.DecisionRecord;
import dev.stator.routing.explain.DecisionRecord.End;
import dev.stator.routing.explain.DecisionRecord.EndKind;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.RefusalReason;
import dev.stator.routing.explain.DecisionRecord.Verdict;
import dev.stator.routing.explain.DecisionRecord.Verdict.Refused;
import dev.stator.routing.explain.Decisions;
import dev.stator.routing.explain.Decisions.Stand;
import dev.stator.routing.explain.HitLadder;
import dev.stator.routing.explain.HitLadder.Cached;
import dev.stator.routing.explain.HitLadder.Served;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What people read, from a real frontend whose decisions are made up.
class ExplainCommandTest {
    private static final Stand HOLDER = new Stand(0x2a, 11, 1, 0);
    private static final Stand IDLE = new Stand(0x3b, 0, 0, 0);
    private static final Verdict CHOSEN =
            new Verdict.Chosen(
                    Decisions.cheapest(new CostModel.Time(TimePrices.DEFAULT), HOLDER, IDLE),
                    0,
                    false);

    private final DecisionLog log = new DecisionLog(DecisionLog.Limits.DEFAULT, () -> Decisions.AT);
    private final HitLadder ladder = new HitLadder(() -> 0);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Frontend frontend;

    @BeforeEach
    void start() throws IOException {
        frontend =
                new Frontend(
                        FrontendConfig.on(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        ModelDirectory.of(),
                        Operations.of(
                                HealthSource.NONE,
                                new DecisionSource(log, () -> Map.of("demo", ladder))),
                        Metrics.withPrefix("x"),
                        TimeAndChance.system());
    }

    @AfterEach
    void stop() {
        frontend.close();
    }

    @Test
    void aRequestThatWentToWhereItsPromptWasCached() {
        log.complete(log.add(Decisions.asked("chatcmpl-1", 1), CHOSEN), Decisions.outcome(176, 31));

        assertThat(explain("chatcmpl-1"))
                .isEqualTo(
                        """
                        Request chatcmpl-1
                        2026-01-02T03:04:05Z, model demo: a prompt of 200 tokens (12 blocks of 16)

                        What each worker would have taken for the first token, as expected then:

                            WORKER  CACHED TOKENS  RUNNING  WAIT  COMPUTE  FIRST TOKEN
                        ->  2a                176        1  0 ms    26 ms        26 ms  ###
                            3b                  0        0  0 ms   202 ms       202 ms  \
                        ########################

                        Worker 2a was chosen because it had 11 of the prompt's 12 blocks in its \
                        cache, which saves an
                        estimated 176 ms; worker 3b was idle but would have had to compute all of \
                        it.

                        The first token came after 31 ms (expected: 26 ms). The worker found 176 \
                        of 200 prompt tokens in
                        its cache, as expected. It produced 25 tokens in 500 ms and came to its end.
                        """);
    }

    @Test
    void aRequestForAnAdapterNamesIt() {
        log.add(Decisions.askedFor("french", "chatcmpl-1"), CHOSEN);

        assertThat(explain("chatcmpl-1"))
                .contains("Z, model demo, adapter french: a prompt of 200 tokens");
        assertThat(explain("chatcmpl-1", "--json")).contains("\"adapter\":\"french\"");
    }

    @Test
    void aRequestThatWasTriedTwice() {
        DecisionRecord first = log.add(Decisions.asked("chatcmpl-2", 1), CHOSEN);
        var failed = new End(EndKind.FAILED, "the connection broke (worker 2a)");
        log.complete(first, new Outcome(failed, 0, 0, Optional.empty(), Duration.ofMillis(40)));
        log.add(Decisions.asked("chatcmpl-2", 2), new Refused(RefusalReason.NO_WORKER, 0, ""));

        assertThat(explain("chatcmpl-2"))
                .isEqualTo(
                        """
                        Request chatcmpl-2
                        2026-01-02T03:04:05Z, model demo: a prompt of 200 tokens (12 blocks of 16)

                        Attempt 1:
                        What each worker would have taken for the first token, as expected then:

                            WORKER  CACHED TOKENS  RUNNING  WAIT  COMPUTE  FIRST TOKEN
                        ->  2a                176        1  0 ms    26 ms        26 ms  ###
                            3b                  0        0  0 ms   202 ms       202 ms  \
                        ########################

                        Worker 2a was chosen because it had 11 of the prompt's 12 blocks in its \
                        cache, which saves an
                        estimated 176 ms; worker 3b was idle but would have had to compute all of \
                        it.

                        It failed after 40 ms, before its first token: the connection broke \
                        (worker 2a).

                        Attempt 2:
                        The worker before failed, and no other was left to try.
                        """);
    }

    @Test
    void aRequestInAModeThatDoesNotLookAtCaches() {
        var turn = Decisions.first(RoutingMode.ROUND_ROBIN, 0, new Stand(1, 0, 2, 300), IDLE);
        log.add(Decisions.asked("chatcmpl-3", 1), new Verdict.Chosen(turn, 0, false));

        assertThat(explain("chatcmpl-3"))
                .isEqualTo(
                        """
                        Request chatcmpl-3
                        2026-01-02T03:04:05Z, model demo: a prompt of 200 tokens (12 blocks of 16)

                        What each worker would have taken for the first token, as expected then:

                            WORKER  CACHED TOKENS  RUNNING    WAIT  COMPUTE  FIRST TOKEN
                            3b      not looked at        0    0 ms   202 ms       202 ms  ##########
                        ->  1       not looked at        2  300 ms   202 ms       502 ms  \
                        ########################

                        Workers take turns here, and it was the turn of worker 1. Caches are not \
                        looked at in this mode.

                        It is still running.
                        """);
    }

    @Test
    void aRequestThatWasRefused() {
        log.add(Decisions.asked("chatcmpl-4", 1), new Refused(RefusalReason.QUEUE_FULL, 2, ""));

        assertThat(explain("chatcmpl-4"))
                .isEqualTo(
                        """
                        Request chatcmpl-4
                        2026-01-02T03:04:05Z, model demo: a prompt of 200 tokens (12 blocks of 16)

                        All workers had enough to do, and too many requests were waiting already, \
                        so it was refused.
                        """);
    }

    @Test
    void withoutAnIdTheNewestAreListed() {
        log.complete(log.add(Decisions.asked("chatcmpl-1", 1), CHOSEN), Decisions.outcome(176, 31));
        log.add(Decisions.asked("chatcmpl-2", 1), CHOSEN);
        log.add(Decisions.asked("chatcmpl-3", 1), new Refused(RefusalReason.NO_WORKER, 0, ""));

        assertThat(explain())
                .isEqualTo(
                        """
                        REQUEST     DECIDED               PROMPT  WORKER  CACHED  FIRST TOKEN  \
                        EXPECTED  END
                        chatcmpl-3  2026-01-02T03:04:05Z     200  -            -            -     \
                            -  refused
                        chatcmpl-2  2026-01-02T03:04:05Z     200  2a           -            -     \
                        26 ms  running
                        chatcmpl-1  2026-01-02T03:04:05Z     200  2a         176        31 ms     \
                        26 ms  stop
                        """);
    }

    @Test
    void whenNothingWasRoutedItSaysSo() {
        assertThat(explain()).isEqualTo("No request has been routed here lately.\n");
        assertThat(explain("--ladder")).contains("Model demo, last 10 minutes: no request\n");
    }

    @Test
    void theLadder() {
        ladder.add(new Served(80, TokenBlocks.of(16, 1, 2, 3, 4), new Cached(0, 0, 0), 100));
        ladder.add(new Served(80, TokenBlocks.of(16, 1, 2, 3, 4), new Cached(64, 32, 16), 100));

        assertThat(explain("--ladder"))
                .isEqualTo(
                        """
                        How much of the prompts was found in caches, and how much could have been:

                        Model demo, last 10 minutes (2 requests, 160 prompt tokens):
                          ideal: one cache without bounds                     40.0 %  ##########
                          bound: one cache as large as all workers' together  40.0 %  ##########
                          best worker: always the one that holds most         40.0 %  ##########
                          predicted: what the router believed of its choice   20.0 %  #####
                          achieved: what the workers found                    10.0 %  ##

                        Model demo, since the start (2 requests, 160 prompt tokens):
                          ideal: one cache without bounds                     40.0 %  ##########
                          bound: one cache as large as all workers' together  40.0 %  ##########
                          best worker: always the one that holds most         40.0 %  ##########
                          predicted: what the router believed of its choice   20.0 %  #####
                          achieved: what the workers found                    10.0 %  ##
                        """);
    }

    @Test
    void jsonIsTheAnswerAsItIs() {
        log.add(Decisions.asked("chatcmpl-1", 1), CHOSEN);
        JsonField body =
                JsonField.root(Json.parse(explain("chatcmpl-1", "--json"), JsonLimits.FILE));

        assertThat(body.get("decisions").items()).hasSize(1);
    }

    @Test
    void aWrongIdIsAnsweredWithTheNearest() {
        log.add(Decisions.asked("chatcmpl-12ab34cd", 1), CHOSEN);
        log.add(Decisions.asked("chatcmpl-99887766", 1), CHOSEN);

        assertThat(run("chatcmpl-12ab43cd")).isOne();
        assertThat(err.toString()).endsWith("; did you mean chatcmpl-12ab34cd?\n");
        assertThat(run("9988")).isOne();
        assertThat(err.toString()).endsWith("; did you mean chatcmpl-99887766?\n");
        assertThat(run("something-else-altogether")).isOne();
        assertThat(err.toString()).endsWith("; 'stator explain' lists the newest\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noFrontendIsAnErrorThatNamesTheFlag() {
        frontend.close();

        assertThat(run()).isOne();
        assertThat(err.toString()).contains("cannot ask the frontend at http://", "--url");
    }

    private String explain(String... arguments) {
        assertThat(run(arguments)).as(err.toString()).isZero();
        return out.toString();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        String url = "http://127.0.0.1:" + frontend.address().getPort();
        return new CommandLine(new ExplainCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(
                        (failure, _, _) -> {
                            err.write(failure.getMessage());
                            return 1;
                        })
                .execute(withUrl(url, arguments));
    }

    private static String[] withUrl(String url, String... arguments) {
        var all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[0] = "--url";
        all[1] = url;
        return all;
    }
}
