package dev.stator.openai.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class StopMatcherTest {

    @Test
    void nothingOfAStopStringIsLetOutAndNothingAfterIt() {
        var matcher = new StopMatcher(List.of("END"));

        assertThat(matcher.append("a E")).isEqualTo("a ");
        assertThat(matcher.append("N")).isEmpty();
        assertThat(matcher.append("Dx")).isEmpty();
        assertThat(matcher.isStopped()).isTrue();
        assertThat(matcher.append("more")).isEmpty();
        assertThat(matcher.finish()).isEmpty();
    }

    @Test
    void aFalseBeginningIsLetOutAsSoonAsItIsOne() {
        var matcher = new StopMatcher(List.of("aab"));

        assertThat(matcher.append("aa")).isEmpty();
        assertThat(matcher.append("a")).isEqualTo("a");
        assertThat(matcher.append("c")).isEqualTo("aac");
        assertThat(matcher.append("a")).isEmpty();
        assertThat(matcher.finish()).isEqualTo("a");
        assertThat(matcher.isStopped()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void agreesWithASearchInTheWholeTextHoweverItIsCut(long seed) {
        var random = new SplittableRandom(seed);
        List<String> stops = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            stops.add(letters(random, random.nextInt(1, 5)));
        }
        String text = letters(random, random.nextInt(40));

        var matcher = new StopMatcher(stops);
        var let = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int next = Math.min(text.length(), at + random.nextInt(1, 6));
            let.append(matcher.append(text.substring(at, next)));
            at = next;
        }
        let.append(matcher.finish());

        assertThat(let.toString()).isEqualTo(cut(text, stops));
        assertThat(matcher.isStopped()).isEqualTo(stops.stream().anyMatch(text::contains));
    }

    /// The text before the stop string that ends first, the longest of those that end there.
    private static String cut(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String before = text.substring(0, end);
            int length =
                    stops.stream()
                            .filter(before::endsWith)
                            .mapToInt(String::length)
                            .max()
                            .orElse(0);
            if (length > 0) {
                return text.substring(0, end - length);
            }
        }
        return text;
    }

    private static String letters(SplittableRandom random, int count) {
        return random.ints(count, 'a', 'c' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
