package dev.stator.kv.index;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Random events of random workers over so few tokens that prefixes are shared, names collide and
/// nearly everything that can happen does, out-of-order removal and unknown parents included.
public final class KvHistories {
    private static final BlockHasher HASHER = new BlockHasher(1, CacheNamespace.SHARED);
    private static final int TOKENS = 3;
    private static final int DEPTH_MAX = 7;

    private final SplittableRandom random;
    private final boolean isCanonical;

    /// Every second history names blocks by their sequence hashes.
    public KvHistories(long seed) {
        this.random = new SplittableRandom(seed);
        this.isCanonical = random.nextBoolean();
    }

    /// One of a few, and sometimes one of more than 64.
    public WorkerId worker() {
        return new WorkerId(1 + random.nextInt(random.nextInt(3) == 0 ? 70 : 4));
    }

    /// A change at a worker; mostly blocks stored below a path that was probably stored before.
    public KvCacheEvent event(WorkerId worker) {
        return switch (random.nextInt(20)) {
            case 0 -> new Cleared();
            case 1, 2, 3, 4, 5, 6 -> {
                var blocks = new ArrayList<SequenceHash>();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    blocks.add(name(worker, path(1)));
                }
                yield new Removed(blocks, tier());
            }
            default -> stored(worker);
        };
    }

    public TokenBlocks prompt() {
        return HASHER.hash(path(0));
    }

    private KvCacheEvent stored(WorkerId worker) {
        TokenIds path = path(0);
        int from = random.nextInt(3) == 0 ? random.nextInt(path.size() + 1) : 0;
        var blocks = new ArrayList<StoredBlock>();
        for (int i = from; i < path.size(); i++) {
            blocks.add(
                    new StoredBlock(
                            name(worker, path.slice(0, i + 1)),
                            new BlockHash(HASHER.blockHash(path, i))));
        }
        Optional<SequenceHash> parent =
                from == 0 ? Optional.empty() : Optional.of(name(worker, path.slice(0, from)));
        return new Stored(parent, blocks, tier());
    }

    /// Mostly the device.
    private StorageTier tier() {
        return switch (random.nextInt(6)) {
            case 0 -> StorageTier.HOST;
            case 1 -> StorageTier.DISK;
            default -> StorageTier.DEVICE;
        };
    }

    private TokenIds path(int lengthMin) {
        int length = lengthMin + random.nextInt(DEPTH_MAX);
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            ids.add(random.nextInt(3) == 0 ? random.nextInt(TOKENS) : 0);
        }
        return TokenIds.of(ids.stream().mapToInt(Integer::intValue).toArray());
    }

    /// Each worker has names of its own; now and then two for one place or one for two places. Or
    /// all use sequence hashes, of which one worker loses its way sometimes.
    private SequenceHash name(WorkerId worker, TokenIds path) {
        if (isCanonical && (worker.value() != 2 || random.nextInt(50) > 0)) {
            TokenBlocks blocks = HASHER.hash(path);
            return new SequenceHash(blocks.sequenceHash(blocks.count() - 1));
        }
        long own = path.hashCode() * 31L + worker.value();
        return new SequenceHash(random.nextInt(30) == 0 ? own % 5 : own);
    }
}
