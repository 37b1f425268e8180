package dev.stator.engine;

import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// Requests for tests of every engine.
public final class Requests {
    private Requests() {}

    /// Three greedy tokens for a prompt of the given ids.
    public static GenerationRequest request(String id, int... prompt) {
        return request(id, TokenIds.of(prompt), 3, 0);
    }

    public static GenerationRequest request(String id, TokenIds prompt, int maxTokens, long seed) {
        return request(id, prompt, new StopConditions(maxTokens, 0, Set.of()), seed);
    }

    public static GenerationRequest request(
            String id, TokenIds prompt, StopConditions stops, long seed) {
        return new GenerationRequest(
                id, prompt, seeded(seed), stops, OptionalInt.empty(), CacheNamespace.SHARED);
    }

    /// `request` with so many alternatives per token.
    public static GenerationRequest withLogprobs(GenerationRequest request, int top) {
        return new GenerationRequest(
                request.id(),
                request.prompt(),
                request.sampling(),
                request.stops(),
                OptionalInt.of(top),
                request.namespace());
    }

    /// `request` with a cache of its own.
    public static GenerationRequest inNamespace(GenerationRequest request, CacheNamespace own) {
        return new GenerationRequest(
                request.id(),
                request.prompt(),
                request.sampling(),
                request.stops(),
                request.topLogprobs(),
                own);
    }

    /// A prompt of `length` ids below 1000 that depends on `variant`.
    public static TokenIds prompt(int length, int variant) {
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = Math.floorMod(31 * i * i + 17 * i + 7919 * variant, 1000);
        }
        return TokenIds.of(ids);
    }

    private static SamplingParams seeded(long seed) {
        return new SamplingParams(0, 0, 1, 0, 0, 0, 1, seed, Map.of());
    }
}
