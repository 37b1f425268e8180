package dev.stator.launch.indexer;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.IndexSize;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.tokens.TokenBlocks;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// The prefix index of one model and group, and the engines it follows. Reading is thread-safe;
/// `IndexRegistry` changes it under its lock.
final class GroupIndex {
    private final IndexKey key;
    private final int blockSizeTokens;
    private final PackedPrefixIndex index;
    private final Follower.Surroundings surroundings;
    private final SortedMap<EngineRank, Follower> followers = new ConcurrentSkipListMap<>();

    GroupIndex(IndexKey key, int blockSizeTokens, Follower.Surroundings surroundings) {
        this.key = key;
        this.blockSizeTokens = blockSizeTokens;
        this.surroundings = surroundings;
        this.index = new PackedPrefixIndex(surroundings.limits().indexBytesMax());
    }

    IndexKey key() {
        return key;
    }

    int blockSizeTokens() {
        return blockSizeTokens;
    }

    Collection<Follower> followers() {
        return followers.values();
    }

    boolean isEmpty() {
        return followers.isEmpty();
    }

    IndexSize size() {
        return index.size();
    }

    /// What it takes.
    long bytes() {
        return index.bytes();
    }

    /// Blocks of its ranks that it had to forget for lack of room.
    long forgottenBlocks() {
        return index.forgottenBlocks();
    }

    /// Leading blocks of the prompt that each rank holds, 0 for those that hold none.
    SortedMap<EngineRank, TierReach> match(TokenBlocks prompt) {
        Overlaps overlaps = index.match(prompt);
        SortedMap<EngineRank, TierReach> reaches = new TreeMap<>();
        followers.forEach(
                (rank, follower) -> reaches.put(rank, TierReach.of(overlaps, follower.worker())));
        return reaches;
    }

    /// Events that store again what the rank holds, parents first.
    List<Stored> dump(Follower follower) {
        return index.dump(follower.worker());
    }

    /// True when it is followed now, false when exactly this was registered already.
    ///
    /// Throws `RefusedException` when the block size is another one, or the rank is followed
    /// elsewhere.
    boolean follow(Registration wanted, WorkerId as) {
        if (wanted.blockSizeTokens() != blockSizeTokens) {
            throw new RefusedException(
                    400,
                    "'block_size' must be %d, as registered for %s: %d"
                            .formatted(blockSizeTokens, key, wanted.blockSizeTokens()));
        }
        Follower present = followers.get(wanted.engine());
        if (present == null) {
            followers.put(wanted.engine(), new Follower(wanted, as, index, surroundings));
            return true;
        }
        if (!present.registration().equals(wanted)) {
            throw new RefusedException(
                    409,
                    "'endpoint' differs: rank %d of instance %s is followed at %s: \"%s\""
                            .formatted(
                                    wanted.engine().rank(),
                                    Long.toUnsignedString(wanted.engine().instance()),
                                    present.registration().endpoint(),
                                    wanted.endpoint()));
        }
        return false;
    }

    void leave(EngineRank rank) {
        Follower left = followers.remove(rank);
        if (left != null) {
            left.close();
        }
    }
}
