package dev.stator.engine.remote.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.Requests;
import dev.stator.engine.StopConditions;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.TokenLogprobs.Candidate;
import dev.stator.engine.remote.dialect.AnswerStep.Verdict;
import dev.stator.testing.ByteTokenizer;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Single events as the servers' sources write them; `RequestBodyTest` says which.
class AnswerReaderTest {
    private static final GenerationRequest PLAIN =
            Requests.request("r", Requests.prompt(4, 1), 10, 0);
    private static final GenerationRequest WITH_LOGPROBS = Requests.withLogprobs(PLAIN, 2);

    private static AnswerReader llamaCpp(GenerationRequest request) {
        return new LlamaCppDialect(new ByteTokenizer())
                .reader(request, request.stops().maxTokens());
    }

    private static List<Integer> ids(AnswerStep step) {
        return step.tokens().stream().map(GeneratedToken::id).toList();
    }

    private static TokenLogprobs logprobs(float logprob, Candidate... top) {
        return new TokenLogprobs(logprob, List.of(top));
    }

    @Test
    void vllmSortsTheSampledTokenAmongTheLikeliest() {
        AnswerReader reader = new VllmDialect("m").reader(WITH_LOGPROBS, 10);
        AnswerStep step =
                reader.read(
                        """
                        {"choices": [{"index": 0, "text": "ab", "token_ids": [5, 6], "logprobs": {
                          "tokens": ["token_id:5", "token_id:6"], "text_offset": [0, 1],
                          "token_logprobs": [-3.0, -0.5], "top_logprobs": [
                          {"token_id:5": -3.0, "token_id:8": -0.25, "token_id:7": -0.25},
                          {"token_id:6": -0.5, "token_id:9": -9999.0}]}}]}
                        """);

        assertThat(step.tokens())
                .containsExactly(
                        new GeneratedToken(
                                5,
                                Optional.of(
                                        logprobs(
                                                -3,
                                                new Candidate(7, -0.25f),
                                                new Candidate(8, -0.25f)))),
                        new GeneratedToken(
                                6,
                                Optional.of(
                                        logprobs(
                                                -0.5f,
                                                new Candidate(6, -0.5f),
                                                new Candidate(9, -9999f)))));
    }

    @Test
    void vllmTellsItsReasonThenTheUsageThenDone() {
        AnswerReader reader = new VllmDialect("m").reader(PLAIN, 10);
        AnswerStep last =
                reader.read(
                        """
                        {"choices": [{"index": 0, "text": "", "logprobs": null, "token_ids": [2],
                          "finish_reason": "stop", "stop_reason": 2}]}
                        """);
        AnswerStep usage =
                reader.read(
                        """
                        {"choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": 1,
                          "prompt_tokens_details": {"cached_tokens": 3}}}
                        """);

        assertThat(ids(last)).containsExactly(2);
        assertThat(last.verdict()).isEmpty();
        assertThat(usage.cachedTokens()).hasValue(3);
        assertThat(reader.read("[DONE]").verdict())
                .contains(new Verdict.Finished(FinishReason.STOP));
    }

    @Test
    void aVllmThatReturnsNoTokenIdsIsRefused() {
        AnswerReader reader = new VllmDialect("m").reader(PLAIN, 10);

        assertThatThrownBy(() -> reader.read("{\"choices\": [{\"index\": 0, \"text\": \"ab\"}]}"))
                .isInstanceOf(AnswerException.class)
                .hasMessageContaining("0.10.2");
    }

    @Test
    void anErrorInTheStreamHasAKind() {
        String error = "{\"error\": {\"message\": \"no room\", \"code\": %s}}";

        assertThat(failure(new VllmDialect("m"), error.formatted("400")))
                .isEqualTo(EngineFailure.of(FailureKind.INVALID_REQUEST, "no room"));
        assertThat(failure(new VllmDialect("m"), error.formatted("503")).kind())
                .isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure(new VllmDialect("m"), error.formatted("null")).kind())
                .isEqualTo(FailureKind.INTERNAL);
        assertThat(failure(new SglangDialect(), "{\"error\": {\"message\": \"too long\"}}"))
                .isEqualTo(EngineFailure.of(FailureKind.INVALID_REQUEST, "too long"));
        assertThat(
                        failure(
                                new SglangDialect(),
                                """
                                {"text": "", "output_ids": [], "meta_info": {"finish_reason":
                                  {"type": "abort", "message": "queue full", "status_code": 503}}}
                                """))
                .satisfies(
                        it -> {
                            assertThat(it.kind()).isEqualTo(FailureKind.OVERLOADED);
                            assertThat(it.message()).contains("queue full");
                            assertThat(it.retryAfter()).isPresent();
                        });
    }

    private static EngineFailure failure(Dialect dialect, String event) {
        Verdict verdict = dialect.reader(PLAIN, 10).read(event).verdict().orElseThrow();
        return ((Verdict.Broken) verdict).failure();
    }

    private static String sglang(String ids, int total, String logprobs) {
        return """
        {"output_ids": %s, "meta_info": {"finish_reason": null, "cached_tokens": 2,
          "completion_tokens": %d, "output_token_logprobs": %s, "output_top_logprobs": %s}}
        """
                .formatted(ids, total, logprobs, logprobs.replaceAll("(\\[-?\\d[^]]*])", "[$1]"));
    }

    @Test
    void sglangMayRepeatWhatItSaid() {
        for (boolean repeats : new boolean[] {true, false}) {
            AnswerReader reader = new SglangDialect().reader(WITH_LOGPROBS, 10);
            AnswerStep first = reader.read(sglang("[5]", 1, "[[-1.0, 5, null]]"));
            AnswerStep second =
                    reader.read(
                            repeats
                                    ? sglang(
                                            "[5, 6, 7]",
                                            3,
                                            "[[-1.0, 5, null], [-2.0, 6, null], [-3.0, 7, null]]")
                                    : sglang("[6, 7]", 3, "[[-2.0, 6, null], [-3.0, 7, null]]"));

            assertThat(first.cachedTokens()).hasValue(2);
            assertThat(ids(first)).containsExactly(5);
            assertThat(second.tokens())
                    .containsExactly(
                            new GeneratedToken(6, Optional.of(logprobs(-2, new Candidate(6, -2)))),
                            new GeneratedToken(7, Optional.of(logprobs(-3, new Candidate(7, -3)))));
        }
    }

    @Test
    void sglangMustNotSkipTokens() {
        AnswerReader reader = new SglangDialect().reader(PLAIN, 10);

        assertThatThrownBy(() -> reader.read(sglang("[5]", 2, "[]")))
                .isInstanceOf(AnswerException.class);
    }

    private static String llama(String content, int token, int predicted) {
        return """
        {"index": 0, "content": "%s", "tokens": [%d], "stop": false, "id_slot": 0,
          "tokens_predicted": %d, "tokens_evaluated": 4}
        """
                .formatted(content, token, predicted);
    }

    private static final String LLAMA_LAST =
            """
            {"index": 0, "content": "", "tokens": [], "stop": true, "stop_type": "%s",
              "tokens_predicted": 3, "tokens_cached": 99, "timings": {"cache_n": 3}}
            """;

    @Test
    void theTokenOfAProgressEventIsNone() {
        AnswerReader reader = llamaCpp(PLAIN);
        AnswerStep progress =
                reader.read(
                        """
                        {"index": 0, "content": "", "tokens": [0], "stop": false,
                          "tokens_predicted": 0, "prompt_progress": {"total": 4, "cache": 3,
                          "processed": 4, "time_ms": 7}}
                        """);
        AnswerStep token = reader.read(llama("H", 'H', 1));

        assertThat(progress.tokens()).isEmpty();
        assertThat(progress.cachedTokens()).hasValue(3);
        assertThat(ids(token)).containsExactly((int) 'H');
        AnswerStep last = reader.read(LLAMA_LAST.formatted("eos"));
        assertThat(last.cachedTokens()).hasValue(3);
        assertThat(last.verdict()).contains(new Verdict.Finished(FinishReason.STOP));
    }

    /// The bytes of the euro sign are three tokens, and only the last of them has an event.
    @Test
    void idsLeftOutInsideOfACharacterAreToldByItsText() {
        AnswerReader reader = llamaCpp(PLAIN);

        assertThat(ids(reader.read(llama("\u20ac", 0xac, 3)))).containsExactly(0xe2, 0x82, 0xac);
        assertThat(ids(reader.read(llama("x", 'x', 4)))).containsExactly((int) 'x');
    }

    @Test
    void idsThatTheTextDoesNotTellAreAFailure() {
        assertThatThrownBy(() -> llamaCpp(PLAIN).read(llama("\u20ac", 0xac, 2)))
                .isInstanceOf(AnswerException.class)
                .hasMessageContaining("left out");
        assertThatThrownBy(() -> llamaCpp(PLAIN).read(llama("\u20ac", 7, 3)))
                .isInstanceOf(AnswerException.class);
    }

    @Test
    void stopTokensTheServerDoesNotKnowAreWatchedFor() {
        var stops = new StopConditions(10, 0, Set.of((int) 'b'));
        GenerationRequest request = Requests.request("r", Requests.prompt(4, 1), stops, 0);
        AnswerReader ignorant = llamaCpp(request);
        AnswerReader knowing = llamaCpp(request);

        assertThat(ids(ignorant.read(llama("a", 'a', 1)))).hasSize(1);
        assertThat(ids(ignorant.read(llama("b", 'b', 2)))).containsExactly((int) 'b');
        AnswerStep behind = ignorant.read(llama("c", 'c', 3));
        assertThat(behind.tokens()).isEmpty();
        assertThat(behind.verdict()).contains(new Verdict.Enough(FinishReason.STOP));
        knowing.read(llama("b", 'b', 1));
        assertThat(knowing.read(LLAMA_LAST.formatted("eos")).verdict())
                .contains(new Verdict.Finished(FinishReason.STOP));
    }

    @Test
    void tokensBeyondTheMaximumAreDropped() {
        AnswerReader reader = new LlamaCppDialect(new ByteTokenizer()).reader(PLAIN, 2);
        assertThat(ids(reader.read(llama("\u20ac", 0xac, 3)))).containsExactly(0xe2, 0x82);

        assertThat(reader.read(LLAMA_LAST.formatted("limit")).verdict())
                .contains(new Verdict.Finished(FinishReason.LENGTH));
    }

    @Test
    void textBecomesTokensPieceByPiece() {
        AnswerReader reader = new TextDialect("m", new ByteTokenizer()).reader(PLAIN, 10);
        String chunk = "{\"choices\": [{\"index\": 0, \"text\": \"%s\", \"finish_reason\": %s}]}";

        assertThat(ids(reader.read(chunk.formatted("Hi", "null")))).containsExactly(72, 105);
        assertThat(ids(reader.read(chunk.formatted("", "\"length\"")))).isEmpty();
        assertThat(reader.end("cut").verdict()).contains(new Verdict.Finished(FinishReason.LENGTH));
    }
}
