package dev.stator.model.tokenizer.split;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.model.tokenizer.RandomText;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class SplitterTest {
    private static final Map<String, Splitter> SPLITTERS =
            Map.ofEntries(
                    known(Gpt2Splitter.PATTERN),
                    known(Cl100kSplitter.LLAMA3),
                    known(Cl100kSplitter.QWEN2),
                    known(Cl100kSplitter.QWEN35),
                    known(O200kSplitter.O200K),
                    known(O200kSplitter.TEKKEN),
                    known(DigitSplitter.UP_TO_THREE),
                    known(EastAsianSplitter.PATTERN),
                    known(DeepSeekSplitter.PATTERN),
                    Map.entry("\\p{N}", Splitters.digits(true)),
                    Map.entry("\\p{N}+", Splitters.digits(false)));

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void agreesWithTheRegularExpression(long seed) {
        String text = new RandomText(seed).next(60);
        SPLITTERS.forEach(
                (pattern, splitter) ->
                        assertThat(split(text, splitter))
                                .as("%s on %s", pattern, text)
                                .isEqualTo(splitByRegex(text, pattern)));
    }

    @Test
    void everyCharacterIsClassifiedAsTheRegularExpressionDoes() {
        Map<Integer, Pattern> classes =
                Map.of(
                        CharacterClass.LETTER, pattern("\\p{L}"),
                        CharacterClass.NUMBER, pattern("\\p{N}"),
                        CharacterClass.SPACE, pattern("\\s"),
                        CharacterClass.NEWLINE, pattern("[\\r\\n]"),
                        CharacterClass.MARK, pattern("\\p{M}"),
                        CharacterClass.PUNCTUATION, pattern("[\\p{P}\\p{S}]"),
                        CharacterClass.UPPER, pattern("[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"),
                        CharacterClass.LOWER, pattern("[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"));
        classes.forEach(
                (bit, pattern) -> {
                    var matcher = pattern.asMatchPredicate();
                    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
                        if (((CharacterClass.of(c) & bit) != 0)
                                != matcher.test(Character.toString(c))) {
                            assertThat(Integer.toHexString(c)).as("%s", pattern).isEmpty();
                        }
                    }
                });
    }

    @Test
    void unknownPatternsHaveNoSplitter() {
        assertThat(Splitters.matching("\\w+")).isEmpty();
    }

    private static Map.Entry<String, Splitter> known(String pattern) {
        return Map.entry(pattern, Splitters.matching(pattern).orElseThrow());
    }

    /// Surrounded by other text, which the splitter must not look at.
    private static List<String> split(String text, Splitter splitter) {
        char[] chars = ("1a" + text + "a1").toCharArray();
        int end = chars.length - 2;
        List<String> pieces = new ArrayList<>();
        for (int i = 2; i < end; ) {
            int next = splitter.next(chars, i, end);
            pieces.add(new String(chars, i, next - i));
            i = next;
        }
        return pieces;
    }

    private static List<String> splitByRegex(String text, String pattern) {
        Matcher matcher = pattern(pattern).matcher(text);
        List<String> pieces = new ArrayList<>();
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() > end) {
                pieces.add(text.substring(end, matcher.start()));
            }
            pieces.add(matcher.group());
            end = matcher.end();
        }
        if (end < text.length()) {
            pieces.add(text.substring(end));
        }
        return pieces;
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);
    }
}
