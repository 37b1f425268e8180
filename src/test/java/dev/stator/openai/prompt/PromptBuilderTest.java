package dev.stator.openai.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.model.GenerationDefaults;
import dev.stator.openai.protocol.ChatCompletionRequest;
import dev.stator.openai.protocol.InvalidRequest;
import dev.stator.openai.protocol.TextCompletionRequest;
import dev.stator.testing.ByteTokenizer;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

class PromptBuilderTest {
    private static final int CONTEXT = 20;

    private static final GenerationDefaults NOTHING = defaults(Optional.empty());

    private static GenerationDefaults defaults(Optional<Boolean> sample) {
        return new GenerationDefaults(
                List.of(ByteTokenizer.END),
                OptionalInt.empty(),
                sample,
                OptionalDouble.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    private static final GenerationDefaults RICH =
            new GenerationDefaults(
                    List.of(ByteTokenizer.END, 7),
                    OptionalInt.empty(),
                    Optional.of(true),
                    OptionalDouble.of(0.6),
                    OptionalInt.of(-1),
                    OptionalDouble.of(0.95),
                    OptionalDouble.of(0.05),
                    OptionalDouble.of(1.1));

    private static PreparedPrompt prepare(GenerationDefaults defaults, String text, String more) {
        var builder =
                new PromptBuilder(_ -> text, new ByteTokenizer(), defaults, CONTEXT, () -> 99);
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
        return builder.prepare(
                "id",
                ChatCompletionRequest.parse((body + more + "}").getBytes(StandardCharsets.UTF_8)));
    }

    private static GenerationRequest only(GenerationDefaults defaults, String more) {
        return prepare(defaults, "prompt", more).generations().getFirst();
    }

    @Test
    void aModelThatRecommendsNothingGetsPlainSampling() {
        GenerationRequest request = only(NOTHING, "");

        assertThat(request.sampling())
                .isEqualTo(new SamplingParams(1, 0, 1, 0, 0, 0, 1, 99, Map.of()));
        assertThat(request.stops())
                .isEqualTo(new StopConditions(CONTEXT - 6, 0, Set.of(ByteTokenizer.END)));
        assertThat(request.namespace()).isEqualTo(CacheNamespace.SHARED);
        assertThat(request.topLogprobs()).isEmpty();
    }

    @Test
    void aModelsRecommendationFillsWhatTheClientLeavesOpen() {
        assertThat(only(RICH, "").sampling())
                .isEqualTo(new SamplingParams(0.6, 0, 0.95, 0.05, 0, 0, 1.1, 99, Map.of()));
        assertThat(
                        only(
                                        RICH,
                                        """
                                        ,"temperature":0,"top_p":1,"top_k":5,"min_p":0,"seed":3,
                                        "repetition_penalty":1,"presence_penalty":0.5,
                                        "frequency_penalty":-0.5,"logit_bias":{"65":2}\
                                        """)
                                .sampling())
                .isEqualTo(new SamplingParams(0, 5, 1, 0, -0.5, 0.5, 1, 3, Map.of(65, 2.0)));
    }

    @Test
    void aModelThatRecommendsNoSamplingIsGreedyUnlessToldOtherwise() {
        GenerationDefaults greedy = defaults(Optional.of(false));

        assertThat(only(greedy, "").sampling().temperature()).isZero();
        assertThat(only(greedy, ",\"temperature\":0.7").sampling().temperature()).isEqualTo(0.7);
    }

    @Test
    void lengthsAreCutToTheRoomInTheContext() {
        assertThat(only(NOTHING, ",\"max_tokens\":1000,\"min_tokens\":900").stops())
                .isEqualTo(new StopConditions(14, 14, Set.of(ByteTokenizer.END)));
        assertThat(only(NOTHING, ",\"max_tokens\":3").stops().maxTokens()).isEqualTo(3);
    }

    @Test
    void theClientAddsStopTokensAndMayIgnoreTheModels() {
        assertThat(only(RICH, ",\"stop_token_ids\":[5]").stops().stopTokenIds())
                .containsExactlyInAnyOrder(5, 7, ByteTokenizer.END);
        assertThat(only(RICH, ",\"stop_token_ids\":[5],\"ignore_eos\":true").stops().stopTokenIds())
                .containsExactly(5);
    }

    @Test
    void everyChoiceHasItsOwnIdAndSeed() {
        List<GenerationRequest> generations =
                prepare(NOTHING, "prompt", ",\"n\":3,\"seed\":5,\"cache_salt\":\"s\"")
                        .generations();

        assertThat(generations)
                .extracting(GenerationRequest::id)
                .containsExactly("id", "id-1", "id-2");
        assertThat(generations).extracting(g -> g.sampling().seed()).doesNotHaveDuplicates();
        assertThat(generations.getFirst().sampling().seed()).isEqualTo(5);
        assertThat(generations.getLast().namespace()).isEqualTo(new CacheNamespace("", "s"));
    }

    @Test
    void aPromptThatFillsTheContextIsRefusedWithFigures() {
        InvalidRequest refusal =
                catchThrowableOfType(
                        InvalidRequest.class, () -> prepare(NOTHING, "x".repeat(CONTEXT), ""));

        assertThat(refusal)
                .hasMessage(
                        "the prompt has 20 tokens, which leaves no room in the model's context of"
                                + " 20");
        assertThat(refusal.code()).isEqualTo("context_length_exceeded");
        assertThat(refusal.param()).isEqualTo("messages");
        assertThat(prepare(NOTHING, "x".repeat(CONTEXT - 1), "").promptTokens()).isEqualTo(19);
    }

    @Test
    void anEmptyPromptAndAnUnknownTokenAreRefused() {
        assertThat(catchThrowableOfType(InvalidRequest.class, () -> prepare(NOTHING, "", "")))
                .hasMessage("the prompt is empty");
        assertThat(
                        catchThrowableOfType(
                                InvalidRequest.class,
                                () -> only(NOTHING, ",\"logit_bias\":{\"257\":1}")))
                .hasMessage("'logit_bias' names token 257 of a vocabulary of 257");
    }

    @Test
    void aTextIsContinuedForSixteenTokensUnlessToldOtherwise() {
        var builder = new PromptBuilder(_ -> "", new ByteTokenizer(), NOTHING, 100, () -> 99);

        assertThat(text(builder, "\"ab\"").prompt()).isEqualTo(TokenIds.of('a', 'b'));
        assertThat(text(builder, "\"ab\"").stops().maxTokens()).isEqualTo(16);
        assertThat(text(builder, "[7,8],\"max_tokens\":50").stops().maxTokens()).isEqualTo(50);
        assertThat(text(builder, "[7,8],\"max_tokens\":500").stops().maxTokens()).isEqualTo(98);
        assertThat(catchThrowableOfType(InvalidRequest.class, () -> text(builder, "[257]")))
                .hasMessage("'prompt' names token 257 of a vocabulary of 257");
        assertThat(catchThrowableOfType(InvalidRequest.class, () -> text(builder, "\"\"")).param())
                .isEqualTo("prompt");
    }

    private static GenerationRequest text(PromptBuilder builder, String prompt) {
        String body = "{\"model\":\"m\",\"prompt\":" + prompt + "}";
        return builder.prepare(
                        "id", TextCompletionRequest.parse(body.getBytes(StandardCharsets.UTF_8)))
                .generations()
                .getFirst();
    }

    @Test
    void aPromptMayEndInTheMidstOfThoughts() {
        assertThat(prepare(NOTHING, "<think>\n", "").opensReasoning()).isTrue();
        assertThat(prepare(NOTHING, "<think>\n</think>\n", "").opensReasoning()).isFalse();
    }
}
