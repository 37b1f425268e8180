package dev.stator.model.tokenizer.split;

/// Separates runs of unified ideographs and kana from the rest, as DeepSeek's second pattern does.
final class EastAsianSplitter implements Splitter {
    static final String PATTERN = "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";

    @Override
    public int next(char[] text, int start, int end) {
        boolean matches = isEastAsian(text[start]);
        int i = start + 1;
        while (i < end && isEastAsian(text[i]) == matches) {
            i++;
        }
        return i;
    }

    private static boolean isEastAsian(char c) {
        return (c >= '\u4E00' && c <= '\u9FA5') || (c >= '\u3040' && c <= '\u30FF');
    }
}
