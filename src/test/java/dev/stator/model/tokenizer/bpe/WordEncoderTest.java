package dev.stator.model.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class WordEncoderTest {
    private static final int BYTES = 256;

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void shortAndLongWordsMergeAsTheDefinitionSays(long seed) {
        var random = new SplittableRandom(seed);
        var model = new Model(random, 60);
        for (int i = 0; i < 40; i++) {
            int[] word = random.ints(random.nextInt(1, 120), 'a', 'e').toArray();
            int[] expected = model.mergeNaively(word);

            assertThat(new ShortWord(word.clone(), model.table()).encode()).isEqualTo(expected);
            assertThat(new LongWord(word.clone(), model.table()).encode()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void repeatedWordsComeFromTheCacheUnchanged(long seed) {
        var random = new SplittableRandom(seed);
        var model = new Model(random, 60);
        var encoder = model.encoder();
        for (int i = 0; i < 2_000; i++) {
            int[] word = random.ints(random.nextInt(1, 8), 'a', 'e').toArray();
            char[] text = ("x" + new String(word, 0, word.length) + "y").toCharArray();
            var out = new IdBuffer(1);
            encoder.encode(text, 1, text.length - 1, out);

            assertThat(out.toArray()).isEqualTo(model.mergeNaively(word));
        }
    }

    @Test
    void oneEndlessWordStaysAffordable() {
        var model = new Model(new SplittableRandom(1), 60);
        char[] text = "abcdabca".repeat(1 << 17).toCharArray();
        var out = new IdBuffer(1);

        model.encoder().encode(text, 0, text.length, out);

        int[] half = Arrays.copyOf(out.toArray(), out.toArray().length / 2);
        assertThat(half).isNotEmpty().hasSizeLessThan(text.length);
    }

    @Test
    void wholeWordsNeedNoMerges() {
        var table = new MergeTable(0);
        var encoder =
                new WordEncoder(IntStream.range(0, BYTES).toArray(), table, Map.of("Ġé", 999));
        var out = new IdBuffer(1);
        char[] text = " é é".toCharArray();
        encoder.encode(text, 0, 2, out);
        assertThat(out.toArray()).containsExactly(' ', 0xC3, 0xA9);

        String alphabet = ByteAlphabet.token(" é".getBytes(StandardCharsets.UTF_8), 3);
        var whole =
                new WordEncoder(IntStream.range(0, BYTES).toArray(), table, Map.of(alphabet, 999));
        var ids = new IdBuffer(1);
        whole.encode(text, 2, 4, ids);
        assertThat(ids.toArray()).containsExactly(999);
    }

    /// Random merges over the letters a to d; ids of merged tokens follow those of the bytes.
    private static final class Model {
        private final List<int[]> pairs = new ArrayList<>();
        private final Map<Integer, String> tokens = new HashMap<>();
        private final Map<String, Integer> ids = new HashMap<>();

        Model(SplittableRandom random, int merges) {
            for (int b = 0; b < BYTES; b++) {
                name(String.valueOf((char) b));
            }
            for (int i = 0; i < merges; i++) {
                int left = pick(random);
                int right = pick(random);
                if (pairs.stream().noneMatch(p -> p[0] == left && p[1] == right)) {
                    pairs.add(new int[] {left, right, name(tokens.get(left) + tokens.get(right))});
                }
            }
        }

        MergeTable table() {
            var table = new MergeTable(pairs.size());
            for (int rank = 0; rank < pairs.size(); rank++) {
                table.put(pairs.get(rank)[0], pairs.get(rank)[1], rank, pairs.get(rank)[2]);
            }
            return table;
        }

        WordEncoder encoder() {
            return new WordEncoder(IntStream.range(0, BYTES).toArray(), table(), Map.of());
        }

        /// For each rank in turn: merges the leftmost such pair, then starts again.
        int[] mergeNaively(int[] word) {
            List<Integer> symbols = new ArrayList<>(Arrays.stream(word).boxed().toList());
            for (int rank = 0; rank < pairs.size(); rank++) {
                int[] pair = pairs.get(rank);
                for (int i = 0; i + 1 < symbols.size(); i++) {
                    if (symbols.get(i) == pair[0] && symbols.get(i + 1) == pair[1]) {
                        symbols.subList(i, i + 2).clear();
                        symbols.add(i, pair[2]);
                        rank = -1;
                        break;
                    }
                }
            }
            return symbols.stream().mapToInt(Integer::intValue).toArray();
        }

        private int pick(SplittableRandom random) {
            int merged = tokens.size() - BYTES;
            return merged > 0 && random.nextBoolean()
                    ? BYTES + random.nextInt(merged)
                    : random.nextInt('a', 'e');
        }

        private int name(String token) {
            int id = ids.computeIfAbsent(token, _ -> ids.size());
            tokens.put(id, token);
            return id;
        }
    }
}
