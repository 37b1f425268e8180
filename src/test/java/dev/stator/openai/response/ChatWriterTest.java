package dev.stator.openai.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.openai.protocol.ApiError;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

class ChatWriterTest {
    private static final String NASTY = "\"\\\n\r\t\u0001 ü 漢 😀 </script>";

    private final ChatWriter plain =
            new ChatWriter(new Heading("id-1", 17, "m\"x"), false, false, TokenIds.EMPTY);
    private final ChatWriter full =
            new ChatWriter(new Heading("id-1", 17, "m"), true, true, TokenIds.EMPTY);

    private static JsonField written(Consumer<StringBuilder> writing) {
        var out = new StringBuilder();
        writing.accept(out);
        assertThat(out.toString()).doesNotContain("\n").doesNotContain("\r");
        return JsonField.root(Json.parse(out.toString(), JsonLimits.REQUEST));
    }

    private static JsonField choice(JsonField document) {
        return document.get("choices").items().getFirst();
    }

    @Test
    void everyChunkIsOneLineOfJsonWithTheSameHead() {
        Delta delta = new Delta(NASTY, NASTY, List.of(), TokenIds.EMPTY);
        List<JsonField> chunks =
                List.of(
                        written(out -> plain.appendOpening(out, 0)),
                        written(out -> plain.appendDelta(out, 0, delta)),
                        written(out -> plain.appendFinish(out, 0, "stop")),
                        written(out -> plain.appendUsage(out, new Usage(1, 2, 3, 4))));

        for (JsonField chunk : chunks) {
            assertThat(chunk.get("id").string()).isEqualTo("id-1");
            assertThat(chunk.get("object").string()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.get("created").integer(0, 99)).isEqualTo(17);
            assertThat(chunk.get("model").string()).isEqualTo("m\"x");
        }
        JsonField text = choice(chunks.get(1)).get("delta");
        assertThat(text.get("content").string()).isEqualTo(NASTY);
        assertThat(text.get("reasoning_content").string()).isEqualTo(NASTY);
        assertThat(choice(chunks.get(2)).get("finish_reason").string()).isEqualTo("stop");
        assertThat(chunks.get(3).get("choices").items()).isEmpty();
        assertThat(chunks.get(3).get("usage").get("total_tokens").integer(0, 9)).isEqualTo(4);
    }

    @Test
    void oneSidedDeltasHaveOneMember() {
        JsonField reasoning =
                written(
                        out ->
                                plain.appendDelta(
                                        out, 0, new Delta("r", "", List.of(), TokenIds.EMPTY)));
        JsonField content =
                written(
                        out ->
                                plain.appendDelta(
                                        out, 0, new Delta("", "c", List.of(), TokenIds.EMPTY)));

        assertThat(choice(reasoning).get("delta").members()).containsOnlyKeys("reasoning_content");
        assertThat(choice(content).get("delta").members()).containsOnlyKeys("content");
    }

    @Test
    void logprobsShowTextBytesAndAlternatives() {
        TokenText half = TokenText.of(new byte[] {(byte) 0xc3});
        TokenText quote = TokenText.of("\"".getBytes(StandardCharsets.UTF_8));
        var entry =
                new TokenEntry(
                        half,
                        -0.5f,
                        List.of(new TokenEntry.Alternative(quote, Float.NEGATIVE_INFINITY)));
        JsonField chunk =
                written(
                        out ->
                                full.appendDelta(
                                        out,
                                        0,
                                        new Delta("", "é", List.of(entry), TokenIds.EMPTY)));
        JsonField first = choice(chunk).get("logprobs").get("content").items().getFirst();

        assertThat(first.get("token").string()).isEqualTo("\uFFFD");
        assertThat(first.get("bytes").items().getFirst().integer(0, 255)).isEqualTo(0xc3);
        assertThat(first.get("logprob").number()).isEqualTo(-0.5);
        JsonField alternative = first.get("top_logprobs").items().getFirst();
        assertThat(alternative.get("token").string()).isEqualTo("\"");
        assertThat(alternative.get("logprob").number()).isEqualTo(-9999);
        assertThat(chunk.get("usage").isPresent()).isFalse();
    }

    @Test
    void tokenIdsStandBesideTheTextAndThePromptsAtTheBeginning() {
        var named = new ChatWriter(new Heading("id-1", 17, "m"), true, false, TokenIds.of(7, 8));
        Delta delta = new Delta("", "ab", List.of(), TokenIds.of(5, 6));
        JsonField opening = written(out -> named.appendOpening(out, 0));
        JsonField chunk = written(out -> named.appendDelta(out, 0, delta));
        JsonField whole =
                written(
                        out ->
                                named.appendWhole(
                                        out,
                                        List.of(new Choice(delta, "stop")),
                                        new Usage(2, 0, 2, 0)));

        assertThat(Json.write(opening.get("prompt_token_ids").value())).isEqualTo("[7,8]");
        assertThat(chunk.members()).doesNotContainKey("prompt_token_ids");
        assertThat(Json.write(choice(chunk).get("token_ids").value())).isEqualTo("[5,6]");
        assertThat(Json.write(whole.get("prompt_token_ids").value())).isEqualTo("[7,8]");
        assertThat(Json.write(choice(whole).get("token_ids").value())).isEqualTo("[5,6]");
    }

    @Test
    void theWholeAnswerHasAllChoices() {
        Choice thought = new Choice(new Delta("why", NASTY, List.of(), TokenIds.EMPTY), "stop");
        Choice cut = new Choice(new Delta("", "", List.of(), TokenIds.EMPTY), "length");
        JsonField answer =
                written(out -> full.appendWhole(out, List.of(thought, cut), new Usage(5, 1, 7, 2)));

        List<JsonField> choices = answer.get("choices").items();
        JsonField message = choices.get(0).get("message");
        assertThat(message.get("content").string()).isEqualTo(NASTY);
        assertThat(message.get("reasoning_content").string()).isEqualTo("why");
        assertThat(choices.get(1).get("message").members()).doesNotContainKey("reasoning_content");
        assertThat(choices.get(1).get("index").integer(0, 9)).isEqualTo(1);
        assertThat(choices.get(1).get("finish_reason").string()).isEqualTo("length");
        JsonField usage = answer.get("usage");
        assertThat(usage.get("prompt_tokens").integer(0, 9)).isEqualTo(5);
        assertThat(usage.get("total_tokens").integer(0, 99)).isEqualTo(12);
        assertThat(usage.get("prompt_tokens_details").get("cached_tokens").integer(0, 9))
                .isEqualTo(1);
        assertThat(usage.get("completion_tokens_details").get("reasoning_tokens").integer(0, 9))
                .isEqualTo(2);
    }

    @Test
    void errorsHaveTheShapeClientsExpect() {
        var error = new ApiError("bad \"x\"", "invalid_request_error", "n", "");

        assertThat(error.toJson())
                .isEqualTo(
                        "{\"error\":{\"message\":\"bad"
                                + " \\\"x\\\"\",\"type\":\"invalid_request_error\","
                                + "\"param\":\"n\",\"code\":null}}");
    }
}
