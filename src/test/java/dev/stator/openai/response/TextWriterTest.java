package dev.stator.openai.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

class TextWriterTest {
    private static final String HEAD =
            "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":17,\"model\":\"m\","
                    + "\"choices\":[";

    private final TextWriter writer =
            new TextWriter(new Heading("cmpl-1", 17, "m"), 2, true, true, TokenIds.EMPTY);

    private static String written(Consumer<StringBuilder> writing) {
        var out = new StringBuilder();
        writing.accept(out);
        return out.toString();
    }

    private static TokenEntry entry(String text) {
        TokenText token = TokenText.of(text.getBytes(StandardCharsets.UTF_8));
        var alternatives =
                List.of(
                        new TokenEntry.Alternative(token, -0.5f),
                        new TokenEntry.Alternative(token, -1));
        return new TokenEntry(token, -0.5f, alternatives);
    }

    @Test
    void aStreamBeginsWithItsFirstText() {
        assertThat(written(out -> writer.appendOpening(out, 0))).isEmpty();
        assertThat(
                        written(
                                out ->
                                        writer.appendDelta(
                                                out,
                                                1,
                                                new Delta("", "a\"b", List.of(), TokenIds.EMPTY))))
                .isEqualTo(
                        HEAD
                                + "{\"index\":1,\"text\":\"a\\\"b\",\"logprobs\":null,"
                                + "\"finish_reason\":null}],\"usage\":null}");
        assertThat(written(out -> writer.appendFinish(out, 1, "length")))
                .isEqualTo(
                        HEAD
                                + "{\"index\":1,\"text\":\"\",\"logprobs\":null,"
                                + "\"finish_reason\":\"length\"}],\"usage\":null}");
        assertThat(written(out -> writer.appendUsage(out, new Usage(1, 0, 2, 0))))
                .startsWith(HEAD + "],\"usage\":{\"prompt_tokens\":1,");
    }

    @Test
    void logprobsCountTheCharactersOfTheirChoice() {
        Delta delta = new Delta("", "ab", List.of(entry("a"), entry("b")), TokenIds.EMPTY);
        written(out -> writer.appendDelta(out, 0, delta));

        assertThat(written(out -> writer.appendDelta(out, 0, delta)))
                .contains(
                        "\"logprobs\":{\"tokens\":[\"a\",\"b\"],\"token_logprobs\":[-0.5,-0.5],"
                                + "\"top_logprobs\":[{\"a\":-0.5},{\"b\":-0.5}],"
                                + "\"text_offset\":[2,3]}");
        assertThat(written(out -> writer.appendDelta(out, 1, delta)))
                .contains("\"text_offset\":[0,1]");
    }

    @Test
    void tokenIdsStandBesideTheTextAndThePromptsAtTheBeginning() {
        var named =
                new TextWriter(new Heading("cmpl-1", 17, "m"), 1, false, false, TokenIds.of(7, 8));
        Delta delta = new Delta("", "ab", List.of(), TokenIds.of(5, 6));

        assertThat(written(out -> named.appendOpening(out, 0)))
                .isEqualTo(
                        HEAD
                                + "{\"index\":0,\"text\":\"\",\"logprobs\":null,"
                                + "\"prompt_token_ids\":[7,8],\"finish_reason\":null}]}");
        assertThat(written(out -> named.appendDelta(out, 0, delta)))
                .isEqualTo(
                        HEAD
                                + "{\"index\":0,\"text\":\"ab\",\"logprobs\":null,"
                                + "\"token_ids\":[5,6],\"finish_reason\":null}]}");
        Choice whole = new Choice(delta, "stop");
        assertThat(written(out -> named.appendWhole(out, List.of(whole), new Usage(2, 0, 2, 0))))
                .contains("\"token_ids\":[5,6],\"prompt_token_ids\":[7,8],\"finish_reason\"");
    }

    @Test
    void theWholeHasAllChoicesAndTheCounts() {
        Choice one = new Choice(new Delta("", "x", List.of(), TokenIds.EMPTY), "stop");
        Choice two = new Choice(new Delta("", "y", List.of(), TokenIds.EMPTY), "length");

        assertThat(
                        written(
                                out ->
                                        writer.appendWhole(
                                                out, List.of(one, two), new Usage(1, 0, 2, 0))))
                .isEqualTo(
                        HEAD
                                + "{\"index\":0,\"text\":\"x\",\"logprobs\":null,"
                                + "\"finish_reason\":\"stop\"},{\"index\":1,\"text\":\"y\","
                                + "\"logprobs\":null,\"finish_reason\":\"length\"}],"
                                + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,"
                                + "\"total_tokens\":3,\"prompt_tokens_details\":"
                                + "{\"cached_tokens\":0},\"completion_tokens_details\":"
                                + "{\"reasoning_tokens\":0}}}");
    }
}
