package dev.stator.model.tokenizer.bpe;

import dev.stator.model.tokenizer.unicode.Utf8;

import java.util.Map;

/// Byte-pair encoding of single words: starts from the ids of a word's UTF-8 bytes and merges the
/// pair of neighbours with the lowest rank, the leftmost first, until no pair has one. Thread-safe.
public final class WordEncoder {
    private static final int SHORT_WORD_BYTES_MAX = 40;

    private final int[] idOfByte;
    private final MergeTable merges;
    private final Map<String, Integer> wholeWords;
    private final WordCache cache = new WordCache();

    /// @param idOfByte the id of each of the 256 bytes
    /// @param wholeWords words, in the byte alphabet, that are one token whatever merging makes of
    ///     them
    public WordEncoder(int[] idOfByte, MergeTable merges, Map<String, Integer> wholeWords) {
        this.idOfByte = idOfByte.clone();
        this.merges = merges;
        this.wholeWords = wholeWords;
    }

    /// Appends the ids of the word in `[start, end)`, which holds no lone surrogate.
    public void encode(char[] text, int start, int end, IdBuffer out) {
        if (end - start > WordCache.WORD_CHARS_MAX) {
            out.addAll(encode(text, start, end));
            return;
        }
        if (!cache.append(text, start, end, out)) {
            int[] ids = encode(text, start, end);
            cache.put(text, start, end, ids);
            out.addAll(ids);
        }
    }

    private int[] encode(char[] text, int start, int end) {
        byte[] utf8 = new byte[3 * (end - start)];
        int length = Utf8.encode(text, start, end, utf8);
        if (!wholeWords.isEmpty()) {
            Integer id = wholeWords.get(ByteAlphabet.token(utf8, length));
            if (id != null) {
                return new int[] {id};
            }
        }
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = idOfByte[utf8[i] & 0xff];
        }
        return length <= SHORT_WORD_BYTES_MAX
                ? new ShortWord(ids, merges).encode()
                : new LongWord(ids, merges).encode();
    }
}
