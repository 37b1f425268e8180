package dev.stator.routing.cost;

/// Leading blocks that many requests have in common. What a worker computes of them serves those
/// who come next too.
///
/// @param blocks as many as the worker has that holds most of them; 0 for none
/// @param uses how many requests a further copy is believed to serve, at least 1
public record HotPrefix(int blocks, double uses) {

    /// Nobody else asks for what this request asks for.
    public static final HotPrefix NONE = new HotPrefix(0, 1);

    /// Of so many requests lately one is believed to come again while a copy lasts. A burst that is
    /// about to end, as of agents that one has started, makes no prefix hot.
    private static final double REQUESTS_PER_USE = 10;

    private static final double USES_MAX = 8;

    public HotPrefix {
        if (blocks < 0 || !(uses >= 1)) {
            throw new IllegalArgumentException(
                    "blocks must not be negative, uses at least 1: " + blocks + ", " + uses);
        }
    }

    /// One that was asked for so often lately, and that so many workers hold.
    public static HotPrefix of(int blocks, double requests, int holders) {
        double uses = requests / (REQUESTS_PER_USE * (holders + 1));
        return uses <= 1 ? NONE : new HotPrefix(blocks, Math.min(uses, USES_MAX));
    }
}
