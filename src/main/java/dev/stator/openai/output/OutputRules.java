package dev.stator.openai.output;

import java.util.List;
import java.util.Set;

/// What a client is to see of a model's tokens.
///
/// @param stopStrings texts that end the output and are not part of it; none is empty
/// @param minTokens stop strings are not looked for before so many tokens
/// @param hiddenTokens ids without text, the stop tokens among them
/// @param reasoning whether and from where thoughts are told from the answer
/// @param logprobs whether entries are made of the logprobs that come with the tokens
/// @param tokenIds whether each piece names its tokens, and each token makes a piece
public record OutputRules(
        List<String> stopStrings,
        int minTokens,
        Set<Integer> hiddenTokens,
        Reasoning reasoning,
        boolean logprobs,
        boolean tokenIds) {

    /// How a model marks its thoughts.
    public enum Reasoning {
        /// It does not; tags are text.
        NONE,
        /// It may begin its output with `<think>`.
        TAGGED,
        /// The prompt has opened `<think>` already.
        OPENED
    }

    public OutputRules {
        stopStrings = List.copyOf(stopStrings);
        hiddenTokens = Set.copyOf(hiddenTokens);
    }
}
