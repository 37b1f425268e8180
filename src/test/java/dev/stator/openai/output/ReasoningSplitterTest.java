package dev.stator.openai.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.SplittableRandom;

class ReasoningSplitterTest {
    private static final List<String> PIECES =
            List.of("<think>", "</think>", "<", "</", "think", ">", "a", "b ", " ", "\n\n", "<thi");

    private record Split(String reasoning, String content) {}

    private static Split whole(String text, boolean opened) {
        var splitter = new ReasoningSplitter(opened);
        splitter.append(text);
        splitter.finish();
        return new Split(splitter.takeReasoning(), splitter.takeContent());
    }

    /// `_` stands for a line break, `-` for nothing.
    @ParameterizedTest
    @CsvSource({
        "hello,                        -,        hello",
        "<think>why</think>so,         why,      so",
        "_<think>_why so_</think>__so, why so,   so",
        "<think>__</think>__so,        -,        so",
        "<think>why,                   why,      -",
        "<think>a</thin b</think>c,    a</thin b, c",
        "<think>a<</think>c,           a<,       c",
        "<think>a</think></think>c,    a,        </think>c",
        "a<think>b</think>c,           -,        a<think>b</think>c",
        "<thin,                        -,        <thin",
        "_<thing>,                     -,        _<thing>",
        "<think></thi,                 </thi,    -",
    })
    void thoughtsAreWhatStandsBetweenTheTagsAtTheStart(
            String text, String reasoning, String content) {
        assertThat(whole(text.replace('_', '\n'), false))
                .isEqualTo(new Split(plain(reasoning), plain(content)));
    }

    private static String plain(String text) {
        return text.equals("-") ? "" : text.replace('_', '\n');
    }

    @Test
    void aPromptThatOpenedTheThoughtsNeedsNoTag() {
        assertThat(whole("\nwhy\n</think>\n\nso", true)).isEqualTo(new Split("why", "so"));
        assertThat(whole("why", true)).isEqualTo(new Split("why", ""));
    }

    @Test
    void longRunsOfSpaceAreNotHeldBack() {
        var splitter = new ReasoningSplitter(true);
        splitter.append("a" + " ".repeat(10 * ReasoningSplitter.SPACE_CHARS_MAX));
        assertThat(splitter.takeReasoning().length())
                .isGreaterThan(8 * ReasoningSplitter.SPACE_CHARS_MAX);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void theCutIntoPiecesDoesNotMatter(long seed) {
        var random = new SplittableRandom(seed);
        var text = new StringBuilder();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        boolean opened = random.nextBoolean();
        var splitter = new ReasoningSplitter(opened);
        var reasoning = new StringBuilder();
        var content = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int next = Math.min(text.length(), at + random.nextInt(1, 5));
            splitter.append(text.substring(at, next));
            reasoning.append(splitter.takeReasoning());
            content.append(splitter.takeContent());
            at = next;
        }
        splitter.finish();
        reasoning.append(splitter.takeReasoning());
        content.append(splitter.takeContent());

        assertThat(new Split(reasoning.toString(), content.toString()))
                .isEqualTo(whole(text.toString(), opened));
    }
}
