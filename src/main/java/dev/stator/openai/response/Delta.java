package dev.stator.openai.response;

import dev.stator.tokens.TokenIds;

import java.util.List;

/// A piece of one choice's output, or the whole of it.
///
/// @param reasoning what the model thought before it answered
/// @param logprobs entries of the tokens that are complete with this piece; empty when not asked
/// @param tokens ids that came with this piece, hidden ones included; empty when not asked
public record Delta(String reasoning, String content, List<TokenEntry> logprobs, TokenIds tokens) {
    public static final Delta NONE = new Delta("", "", List.of(), TokenIds.EMPTY);

    public Delta {
        logprobs = List.copyOf(logprobs);
    }

    public boolean isEmpty() {
        return reasoning.isEmpty() && content.isEmpty() && logprobs.isEmpty() && tokens.isEmpty();
    }
}
