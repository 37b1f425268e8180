package dev.stator.engine;

import dev.stator.engine.hints.RequestHints;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import java.util.OptionalInt;

/// One prompt and what is to be done with it.
///
/// @param id unique among running requests; appears in logs and decisions
/// @param topLogprobs alternatives to report per token, 0 for the sampled token alone; empty for no
///     logprobs at all
/// @param hints what is said to those that place and order it
public record GenerationRequest(
        String id,
        TokenIds prompt,
        SamplingParams sampling,
        StopConditions stops,
        OptionalInt topLogprobs,
        CacheNamespace namespace,
        RequestHints hints) {
    public GenerationRequest {
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("prompt must not be empty: request " + id);
        }
    }

    /// A request without hints.
    public GenerationRequest(
            String id,
            TokenIds prompt,
            SamplingParams sampling,
            StopConditions stops,
            OptionalInt topLogprobs,
            CacheNamespace namespace) {
        this(id, prompt, sampling, stops, topLogprobs, namespace, RequestHints.NONE);
    }

    /// Of the engine that runs it; empty for any. Engines of one rank do not look at it.
    public OptionalInt rank() {
        return hints.pins().decodeRank();
    }

    /// The same for another rank.
    public GenerationRequest withRank(OptionalInt rank) {
        return with(hints.with(hints.pins().withDecodeRank(rank)));
    }

    /// The same with other hints.
    public GenerationRequest with(RequestHints newHints) {
        return new GenerationRequest(id, prompt, sampling, stops, topLogprobs, namespace, newHints);
    }
}
