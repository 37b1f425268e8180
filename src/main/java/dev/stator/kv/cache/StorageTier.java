package dev.stator.kv.cache;

/// Where a worker keeps blocks, nearest to its processor first.
///
/// What workers share, such as a store behind the network, is no tier of any of them: it does not
/// make one worker a better choice than another.
public enum StorageTier {
    /// The memory of the processor that computes with the blocks.
    DEVICE(0),
    /// The memory of the machine.
    HOST(1),
    DISK(2);

    private final int depth;

    StorageTier(int depth) {
        this.depth = depth;
    }

    /// How many tiers are nearer to the processor.
    public int depth() {
        return depth;
    }
}
