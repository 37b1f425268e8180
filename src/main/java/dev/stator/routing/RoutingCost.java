package dev.stator.routing;

/// The price of a worker for one request, in blocks, term by term.
///
/// @param rawPrefillBlocks blocks waiting for prefill, this request's whole prompt included
/// @param creditDecay factor on the credit, 1 for no decay
/// @param overlapCredit blocks credited for what is cached
/// @param prefillCost weighted prefill blocks after the credit, never negative
/// @param decodeCost blocks that would be active
/// @param requestCost charge for the running requests
public record RoutingCost(
        double rawPrefillBlocks,
        double creditDecay,
        double overlapCredit,
        double prefillCost,
        double decodeCost,
        double requestCost) {

    /// The sum that is compared; lower is better.
    public double total() {
        return prefillCost + decodeCost + requestCost;
    }

    @Override
    public String toString() {
        return "%.3f = prefill %.3f (raw %.3f - credit %.3f by %.3f) + decode %.3f + requests %.3f"
                .formatted(
                        total(),
                        prefillCost,
                        rawPrefillBlocks,
                        overlapCredit,
                        creditDecay,
                        decodeCost,
                        requestCost);
    }
}
