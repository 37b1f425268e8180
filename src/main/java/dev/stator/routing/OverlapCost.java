package dev.stator.routing;

/// Charges a worker for the prefill it cannot reuse and for the load it already carries: Dynamo's
/// cost function (1.4) for blocks in device memory.
///
/// ```
/// raw    = (A + L) / B
/// decay  = 1 / (1 + d · ((A - A_min) / B) / ceil(L / B))
/// credit = c · decay · overlap
/// cost   = p · max(raw - credit, 0)  +  D  +  r · N
/// ```
///
/// A booked prefill tokens, L prompt tokens, B block size, D decode blocks, N active requests;
/// c, d, p and r as configured.
public record OverlapCost(RouterConfig config) implements CostFunction {

    @Override
    public RoutingCost price(Prompt prompt, int overlapBlocks, WorkerLoad load) {
        double blockSize = prompt.blockSizeTokens();
        double raw = (load.prefillTokens() + prompt.tokens()) / blockSize;
        double decay = decay(prompt, load);
        double credit = config.overlapScoreCredit() * decay * overlapBlocks;
        return new RoutingCost(
                raw,
                decay,
                credit,
                config.prefillLoadScale() * Math.max(raw - credit, 0),
                load.decodeBlocks(),
                config.decodeActiveRequestWeight() * load.activeRequests());
    }

    private double decay(Prompt prompt, WorkerLoad load) {
        double blockSize = prompt.blockSizeTokens();
        double excessBlocks = (load.prefillTokens() - prompt.leastPrefillTokens()) / blockSize;
        double promptBlocks = Math.ceil(prompt.tokens() / blockSize);
        return 1 / (1 + config.overlapScoreCreditDecay() * excessBlocks / promptBlocks);
    }
}
