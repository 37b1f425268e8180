package dev.stator.model.tokenizer;

import dev.stator.model.tokenizer.bpe.LongTable;
import dev.stator.model.tokenizer.split.Splitters;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Finds added tokens in text: from left to right, at each place the longest.
///
/// The tokens form a trie. Text is only looked up at characters that begin some token, so ordinary
/// text costs one look-up per character.
final class AddedTokens {
    private static final int ROOT = 0;

    private final boolean[] begins; // whether some token begins with this character
    private final LongTable edges; // (node, character) to node
    private final List<@Nullable AddedToken> tokenAtNode = new ArrayList<>();

    AddedTokens(List<AddedToken> tokens) {
        int last =
                tokens.stream()
                        .filter(token -> !token.content().isEmpty())
                        .mapToInt(token -> token.content().charAt(0))
                        .max()
                        .orElse(-1);
        this.begins = new boolean[last + 1];
        this.edges = new LongTable(tokens.stream().mapToInt(t -> t.content().length()).sum());
        tokenAtNode.add(null);
        tokens.stream().filter(t -> !t.content().isEmpty()).forEach(this::insert);
    }

    /// What a text consists of, in order.
    interface Parts {
        /// Text without any of the tokens, never empty.
        void text(char[] text, int start, int end);

        void token(int id);
    }

    /// Hands the parts of `[start, end)` to `parts`.
    void cut(char[] text, int start, int end, Parts parts) {
        int textStart = start;
        int i = skipOrdinary(text, start, end);
        while (i < end) {
            AddedToken token = longestAt(text, i, end);
            if (token == null) {
                i = skipOrdinary(text, i + 1, end);
                continue;
            }
            int stop = i + token.content().length();
            if (!token.singleWord() || standsAlone(text, start, i, stop, end)) {
                int from = token.takesSpaceBefore() ? spaceBefore(text, textStart, i) : i;
                if (textStart < from) {
                    parts.text(text, textStart, from);
                }
                parts.token(token.id());
                textStart = token.takesSpaceAfter() ? spaceAfter(text, stop, end) : stop;
            }
            i = skipOrdinary(text, stop, end);
        }
        if (textStart < end) {
            parts.text(text, textStart, end);
        }
    }

    private void insert(AddedToken token) {
        String content = token.content();
        begins[content.charAt(0)] = true;
        int node = ROOT;
        for (int i = 0; i < content.length(); i++) {
            int child = child(node, content.charAt(i));
            if (child == ROOT) {
                child = tokenAtNode.size();
                tokenAtNode.add(null);
                edges.put(edge(node, content.charAt(i)), child);
            }
            node = child;
        }
        tokenAtNode.set(node, token);
    }

    /// The next place where a token may begin.
    private int skipOrdinary(char[] text, int start, int end) {
        if (begins.length == 0) {
            return end;
        }
        int i = start;
        while (i < end && (text[i] >= begins.length || !begins[text[i]])) {
            i++;
        }
        return i;
    }

    private @Nullable AddedToken longestAt(char[] text, int start, int end) {
        AddedToken longest = null;
        int node = ROOT;
        for (int i = start; i < end; i++) {
            node = child(node, text[i]);
            if (node == ROOT) {
                break;
            }
            AddedToken token = tokenAtNode.get(node);
            longest = token == null ? longest : token;
        }
        return longest;
    }

    private int child(int node, char c) {
        long child = edges.get(edge(node, c));
        return child == LongTable.ABSENT ? ROOT : (int) child;
    }

    private static long edge(int node, char c) {
        return ((long) node << Character.SIZE) | c;
    }

    private static boolean standsAlone(char[] text, int start, int from, int to, int end) {
        boolean wordBefore =
                from > start && isWordCharacter(Character.codePointBefore(text, from, start));
        boolean wordAfter = to < end && isWordCharacter(Character.codePointAt(text, to, end));
        return !wordBefore && !wordAfter;
    }

    /// `\w` of Unicode's UTS #18.
    private static boolean isWordCharacter(int codePoint) {
        return Character.isAlphabetic(codePoint)
                || switch (Character.getType(codePoint)) {
                    case Character.NON_SPACING_MARK,
                            Character.ENCLOSING_MARK,
                            Character.COMBINING_SPACING_MARK,
                            Character.DECIMAL_DIGIT_NUMBER,
                            Character.CONNECTOR_PUNCTUATION ->
                            true;
                    default -> codePoint == 0x200C || codePoint == 0x200D; // join controls
                };
    }

    private static int spaceBefore(char[] text, int start, int from) {
        int i = from;
        while (i > start && Splitters.isSpace(text[i - 1])) {
            i--;
        }
        return i;
    }

    private static int spaceAfter(char[] text, int to, int end) {
        int i = to;
        while (i < end && Splitters.isSpace(text[i])) {
            i++;
        }
        return i;
    }
}
