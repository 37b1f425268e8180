package dev.stator.model.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.SplittableRandom;

class WordCacheTest {

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void remembersAWordOrNothing(long seed) {
        var random = new SplittableRandom(seed);
        var cache = new WordCache();
        int remembered = 0;
        for (int i = 0; i < 50_000; i++) {
            char[] word = word(random);
            var out = new IdBuffer(1);
            if (cache.append(word, 0, word.length, out)) {
                assertThat(out.toArray()).isEqualTo(ids(word));
                remembered++;
            } else {
                cache.put(word, 0, word.length, ids(word));
            }
        }
        assertThat(remembered).isPositive();
    }

    @Test
    void wordsWhoseKeysAreTheSameNumberAreDifferent() {
        var cache = new WordCache();
        char[] seven = "abcdefg".toCharArray();
        char[] eight = "abcd\u0007efg".toCharArray();
        cache.put(seven, 0, seven.length, ids(seven));

        assertThat(cache.append(eight, 0, eight.length, new IdBuffer(1))).isFalse();
        assertThat(cache.append(seven, 0, seven.length, new IdBuffer(1))).isTrue();
    }

    /// Mostly short, and of few or many characters, so that words repeat and slots are contested.
    private static char[] word(SplittableRandom random) {
        char[] word = new char[1 + random.nextInt(random.nextBoolean() ? 4 : 12)];
        int characters = random.nextBoolean() ? 10 : 50_000;
        for (int i = 0; i < word.length; i++) {
            word[i] = (char) random.nextInt(characters);
        }
        return word;
    }

    private static int[] ids(char[] word) {
        int[] ids = new int[word.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = word[i];
        }
        return ids;
    }
}
