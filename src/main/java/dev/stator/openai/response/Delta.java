package dev.stator.openai.response;

import java.util.List;

/// A piece of one choice's output, or the whole of it.
///
/// @param reasoning what the model thought before it answered
/// @param logprobs entries of the tokens that are complete with this piece; empty when not asked
public record Delta(String reasoning, String content, List<TokenEntry> logprobs) {
    public static final Delta NONE = new Delta("", "", List.of());

    public Delta {
        logprobs = List.copyOf(logprobs);
    }

    public boolean isEmpty() {
        return reasoning.isEmpty() && content.isEmpty() && logprobs.isEmpty();
    }
}
