package dev.stator.launch.indexer;

/// One data-parallel rank of one engine.
///
/// @param instance the engine's number, unsigned
public record EngineRank(long instance, int rank) implements Comparable<EngineRank> {
    static final int RANK_MAX = 65_535;

    @Override
    public int compareTo(EngineRank other) {
        int byInstance = Long.compareUnsigned(instance, other.instance);
        return byInstance != 0 ? byInstance : Integer.compare(rank, other.rank);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(instance) + ":" + rank;
    }
}
