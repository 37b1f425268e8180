package dev.stator.routing.cost;

import java.util.OptionalDouble;

/// How much prompts that are to be computed count in the cost of time; names and defaults are those
/// of `BlockPrices`.
///
/// @param overlapScoreCredit part of what is cached in device memory that counts
/// @param overlapScoreCreditDecay how fast the credit fades on a worker with more queued prefill
///     than the least loaded one; 0 for not at all
/// @param prefillLoadScale weight of what prefills take, the request's own and those before it
public record PrefillWeights(
        double overlapScoreCredit, double overlapScoreCreditDecay, double prefillLoadScale) {

    public static final PrefillWeights DEFAULT = of(BlockPrices.DEFAULT);

    public PrefillWeights {
        if (!(overlapScoreCredit >= 0 && overlapScoreCreditDecay >= 0 && prefillLoadScale >= 0)) {
            throw new IllegalArgumentException(
                    "credit, its decay and prefill scale must not be negative: %s, %s, %s"
                            .formatted(
                                    overlapScoreCredit, overlapScoreCreditDecay, prefillLoadScale));
        }
    }

    /// Those of the cost of blocks.
    public static PrefillWeights of(BlockPrices prices) {
        return new PrefillWeights(
                prices.overlapScoreCredit(),
                prices.overlapScoreCreditDecay(),
                prices.prefillLoadScale());
    }

    /// The same with other figures where they are given.
    public PrefillWeights with(OptionalDouble credit, OptionalDouble prefillScale) {
        return new PrefillWeights(
                credit.orElse(overlapScoreCredit),
                overlapScoreCreditDecay,
                prefillScale.orElse(prefillLoadScale));
    }
}
