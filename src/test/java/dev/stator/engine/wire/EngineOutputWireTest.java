package dev.stator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.TokenUsage;
import dev.stator.engine.wire.GenerationItem.Ended;
import dev.stator.engine.wire.GenerationItem.Produced;
import dev.stator.engine.wire.GenerationItem.Started;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.runtime.requests.ItemReader;
import dev.stator.testing.GoldenMessages;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

class EngineOutputWireTest {
    private static final List<FinishReason> REASONS = List.of(FinishReason.values());

    private static final GenerateCodec CODEC = new GenerateCodec("demo");
    private static final GenerationItem FOREIGN_START = new Started(new GenerationStart("", 0));

    @Test
    void itemsAreWrittenByteForByte() {
        var five =
                new TokenLogprobs(
                        -0.5f,
                        List.of(
                                new TokenLogprobs.Candidate(9, -0.25f),
                                new TokenLogprobs.Candidate(5, -0.5f)));

        assertWritten("token", produced(5));
        assertWritten(
                "token with logprobs", new Produced(new GeneratedToken(5, Optional.of(five))));
        assertWritten("finished", finished(FinishReason.STOP, new TokenUsage(3, 1, 2)));
    }

    @Test
    void aDynamoWorkerSendsSeveralTokensAndTheLastOnesWithTheEnd() {
        assertThat(
                        read(
                                """
                                {"data":{"token_ids":[5,6],"tokens":null,"text":null,
                                 "cum_log_probs":null,"log_probs":null,"top_logprobs":null,
                                 "finish_reason":null,"stop_reason":null,"index":0}}\
                                """,
                                """
                                {"data":{"token_ids":[7],"finish_reason":"length",
                                 "completion_usage":{"prompt_tokens":3,"completion_tokens":3,
                                 "total_tokens":6,"prompt_tokens_details":{"cached_tokens":2}}}}\
                                """))
                .containsExactly(
                        FOREIGN_START,
                        produced(5),
                        produced(6),
                        produced(7),
                        finished(FinishReason.LENGTH, new TokenUsage(3, 2, 3)));
    }

    @Test
    void tokensAreCountedWhenTheWorkerDoesNot() {
        assertThat(
                        read(
                                "{\"data\":{\"token_ids\":[5,6]}}",
                                "{\"data\":{\"token_ids\":[7],\"finish_reason\":\"stop\"}}"))
                .last()
                .isEqualTo(finished(FinishReason.STOP, new TokenUsage(3, 0, 3)));
    }

    @ParameterizedTest
    @CsvSource({
        "eos, STOP",
        "stop, STOP",
        "content_filter, STOP",
        "length, LENGTH",
        "cancelled, CANCELLED",
        "abort, CANCELLED"
    })
    void everyReasonToFinishIsUnderstood(String name, FinishReason reason) {
        assertThat(read("{\"data\":{\"token_ids\":[],\"finish_reason\":\"" + name + "\"}}"))
                .containsExactly(FOREIGN_START, finished(reason, new TokenUsage(3, 0, 0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":{\"token_ids\":[],\"finish_reason\":{\"error\":\"out of memory\"}}}",
                "{\"data\":{\"token_ids\":[],\"finish_reason\":\"error: out of memory\"}}"
            })
    void anErrorMayBeTheReasonToFinish(String json) {
        assertThat(read(json).getLast())
                .isInstanceOfSatisfying(
                        Ended.class, it -> assertThat(failure(it)).contains("out of memory"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "comment":["no memory"] | INTERNAL | no memory
                    "comment":["{\\"message\\":\\"bad\\",\\"code\\":400}"] | INVALID_REQUEST | bad
                    "comment":["{\\"message\\":\\"full\\",\\"code\\":529}"] | OVERLOADED | full
                    "comment":["{\\"message\\":\\"slow\\",\\"code\\":504}"] | TIMED_OUT | slow
                    "comment":["{\\"message\\":\\"oh\\",\\"code\\":500}"]            | INTERNAL | oh
                    "comment":["{not json"] | INTERNAL | {not json
                    "comment":null | INTERNAL | the worker failed without a word
                    "error":"plain" | INTERNAL | plain
                    "error":{"error_type":"InvalidArgument","message":"no"} | INVALID_REQUEST | no
                    "error":{"error_type":"ResourceExhausted","message":"no"} | OVERLOADED | no
                    "error":{"error_type":"Disconnected","message":"no"} | UNAVAILABLE | no
                    "error":{"error_type":"ConnectionTimeout","message":"no"} | TIMED_OUT | no
                    "error":{"error_type":"Cancelled","message":"no"}                | INTERNAL | no
                    "error":{"error_type":{"Backend":"EngineShutdown"},"message":"no"} \
                    | UNAVAILABLE | no
                    "error":{"error_type":{"Backend":"Other"},"message":"no","caused_by":{}} \
                    | INTERNAL | no
                    "error":{"class":"Client","reason":"InvalidArgument","diagnostic":"no"} \
                    | INVALID_REQUEST | no
                    "error":{"class":"Unavailable","public":"no"} | UNAVAILABLE | no
                    "error":{},"comment":["why"] | INTERNAL | why
                    """)
    void everyFormOfErrorKeepsItsKindAndWords(String members, FailureKind kind, String message) {
        assertThat(read("{\"event\":\"error\"," + members + "}"))
                .containsExactly(failed(EngineFailure.of(kind, message)));
    }

    @Test
    void otherEventsAreIgnored() {
        assertThat(read("{\"event\":\"llm_metrics\",\"comment\":[\"{}\"]}", "{\"id\":\"1\"}"))
                .isEmpty();
    }

    @Test
    void minusInfinityIsWrittenByUsAsTheLeastFloatAndByOthersAsNull() {
        var least =
                new TokenLogprobs(
                        Float.NEGATIVE_INFINITY,
                        List.of(
                                new TokenLogprobs.Candidate(5, -1.5f),
                                new TokenLogprobs.Candidate(6, Float.NEGATIVE_INFINITY)));
        var token = new Produced(new GeneratedToken(5, Optional.of(least)));
        for (WireFormat format : WireFormat.values()) {
            assertThat(reader().read(format.carry(CODEC.writeItem(token))))
                    .containsExactly(FOREIGN_START, token);
        }
        assertThat(
                        read(
                                """
                                {"data":{"token_ids":[5],"log_probs":[null],"top_logprobs":[[
                                 {"rank":1,"token_id":5,"token":"a","logprob":-1.5,"bytes":[97]},
                                 {"rank":2,"token_id":6,"token":null,"logprob":null}]]}}\
                                """))
                .containsExactly(FOREIGN_START, token);
    }

    @Test
    void logprobsMayBeFewerThanTokens() {
        assertThat(read("{\"data\":{\"token_ids\":[5,6],\"log_probs\":[-1.0]}}"))
                .containsExactly(
                        FOREIGN_START,
                        new Produced(
                                new GeneratedToken(
                                        5, Optional.of(new TokenLogprobs(-1, List.of())))),
                        produced(6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"data":[]}                                              | data
                    {"data":{"token_ids":[5,"a"]}}                           | data.token_ids[1]
                    {"data":{"token_ids":[5],"log_probs":["a"]}}             | data.log_probs[0]
                    {"data":{"token_ids":[5],"log_probs":[1],"top_logprobs":[[{"rank":1}]]}} \
                    | data.top_logprobs[0][0].token_id
                    {"data":{"token_ids":[],"finish_reason":"bored"}}        | data.finish_reason
                    {"data":{"token_ids":[],"finish_reason":{"bored":1}}} | data.finish_reason.error
                    {"data":{"token_ids":[],"finish_reason":"stop","completion_usage":{\
                    "completion_tokens":-1}}} \
                    | data.completion_usage.completion_tokens
                    {"event":5}                                              | event
                    """)
    void complaintsNameTheMember(String json, String member) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(JsonFieldException.class)
                .extracting(it -> ((JsonFieldException) it).path())
                .isEqualTo(member);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void everyGenerationOfOursSurvivesBothFormats(long seed) {
        List<GenerationItem> items = random(new SplittableRandom(seed));
        for (WireFormat format : WireFormat.values()) {
            ItemReader<GenerationItem> reader = reader();
            assertThat(
                            items.stream()
                                    .flatMap(
                                            it ->
                                                    reader
                                                            .read(format.carry(CODEC.writeItem(it)))
                                                            .stream()))
                    .as(format.toString())
                    .isEqualTo(items);
        }
    }

    private static List<GenerationItem> random(SplittableRandom random) {
        List<GenerationItem> items = new ArrayList<>();
        int cached = random.nextInt(3);
        items.add(new Started(new GenerationStart("2a", cached)));
        int tokens = random.nextInt(6);
        for (int i = 0; i < tokens; i++) {
            items.add(
                    new Produced(
                            new GeneratedToken(
                                    random.nextInt(Integer.MAX_VALUE),
                                    random.nextBoolean()
                                            ? Optional.of(logprobs(random))
                                            : Optional.empty())));
        }
        items.add(
                random.nextInt(3) > 0
                        ? finished(
                                REASONS.get(random.nextInt(REASONS.size())),
                                new TokenUsage(3, cached, tokens))
                        : failed(failure(random)));
        return items;
    }

    private static TokenLogprobs logprobs(SplittableRandom random) {
        return new TokenLogprobs(
                logprob(random),
                Stream.generate(
                                () ->
                                        new TokenLogprobs.Candidate(
                                                random.nextInt(1_000), logprob(random)))
                        .limit(random.nextInt(4))
                        .toList());
    }

    private static float logprob(SplittableRandom random) {
        return random.nextInt(8) == 0
                ? Float.NEGATIVE_INFINITY
                : (float) -random.nextDouble(1e-30, 40);
    }

    private static EngineFailure failure(SplittableRandom random) {
        FailureKind[] kinds = FailureKind.values();
        return new EngineFailure(
                kinds[random.nextInt(kinds.length)],
                "no: " + random.nextInt(),
                random.nextBoolean()
                        ? Optional.of(Duration.ofMillis(random.nextInt(10_000)))
                        : Optional.empty());
    }

    private static String failure(Ended ended) {
        return switch (ended.end()) {
            case GenerationEnd.Failed(var failure) -> failure.message();
            case GenerationEnd.Finished finished -> throw new AssertionError(finished);
        };
    }

    private static void assertWritten(String name, GenerationItem item) {
        GoldenMessages.Message golden = GoldenMessages.named(name);
        assertThat(Json.write(CODEC.writeItem(item))).isEqualTo(golden.json());
        assertThat(WireFormat.MESSAGE_PACK.write(CODEC.writeItem(item)))
                .isEqualTo(golden.messagePack());
    }

    /// What the messages stand for; the same in both formats.
    private static List<GenerationItem> read(String... messages) {
        List<List<GenerationItem>> byFormat = new ArrayList<>();
        for (int format = 0; format < 2; format++) {
            ItemReader<GenerationItem> reader = reader();
            List<GenerationItem> items = new ArrayList<>();
            for (String message : messages) {
                items.addAll(reader.read(Wire.messages(message).get(format)));
            }
            byFormat.add(items);
        }
        assertThat(byFormat.getFirst()).isEqualTo(byFormat.getLast());
        return byFormat.getFirst();
    }

    private static ItemReader<GenerationItem> reader() {
        return CODEC.reader(
                new GenerationRequest(
                        "r1",
                        TokenIds.of(1, 2, 3),
                        SamplingParams.GREEDY,
                        new StopConditions(9, 0, Set.of()),
                        OptionalInt.empty(),
                        CacheNamespace.SHARED));
    }

    private static GenerationItem produced(int token) {
        return new Produced(GeneratedToken.of(token));
    }

    private static GenerationItem finished(FinishReason reason, TokenUsage usage) {
        return new Ended(new GenerationEnd.Finished(reason, usage));
    }

    private static GenerationItem failed(EngineFailure failure) {
        return new Ended(new GenerationEnd.Failed(failure));
    }
}
