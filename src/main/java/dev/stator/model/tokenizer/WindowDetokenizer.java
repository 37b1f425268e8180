package dev.stator.model.tokenizer;

import dev.stator.tokens.TokenIds;

import java.util.function.Function;

/// Detokenizes where a token's text depends on its neighbours, by decoding a sliding window of ids
/// twice: without and with what is new.
///
/// The window holds the ids of the last piece, as context, and those not yet shown. A new text that
/// ends in U+FFFD waits for the rest of its character, for at most `WAITING_IDS_MAX` ids: a
/// character has no more bytes than four.
final class WindowDetokenizer implements IncrementalDetokenizer {
    private static final int WAITING_IDS_MAX = 8;
    private static final char REPLACEMENT = '\uFFFD';

    private final Function<TokenIds, String> decode;
    private TokenIds shown = TokenIds.EMPTY;
    private TokenIds waiting = TokenIds.EMPTY;

    WindowDetokenizer(Function<TokenIds, String> decode) {
        this.decode = decode;
    }

    @Override
    public String append(int id) {
        waiting = waiting.concat(TokenIds.of(id));
        String text = newText();
        boolean unfinished = text.isEmpty() || text.charAt(text.length() - 1) == REPLACEMENT;
        if (unfinished && waiting.size() < WAITING_IDS_MAX) {
            return "";
        }
        shown = waiting;
        waiting = TokenIds.EMPTY;
        return text;
    }

    @Override
    public String finish() {
        String text = waiting.isEmpty() ? "" : newText();
        shown = TokenIds.EMPTY;
        waiting = TokenIds.EMPTY;
        return text;
    }

    private String newText() {
        String before = decode.apply(shown);
        String all = decode.apply(shown.concat(waiting));
        return all.substring(Math.min(before.length(), all.length()));
    }
}
