package dev.stator.engine;

import java.util.List;

/// Natural logarithms of probabilities before temperature, penalties and truncation.
///
/// @param logprob of the sampled token
/// @param top the most likely tokens, most likely first, ties by the smaller id
public record TokenLogprobs(float logprob, List<Candidate> top) {
    public TokenLogprobs {
        top = List.copyOf(top);
    }

    /// One alternative.
    public record Candidate(int id, float logprob) {}
}
