package dev.stator.routing.live;

import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A cache with a random life that keeps to the rules: blocks below blocks it holds, children
/// removed before their parents.
final class RandomCache {
    private final SplittableRandom random;
    private final KvCacheListener listener;
    private final Map<SequenceHash, List<BlockHash>> paths = new HashMap<>();
    private final List<SequenceHash> order = new ArrayList<>(); // parents before children
    private long names;

    RandomCache(SplittableRandom random, KvCacheListener listener) {
        this.random = random;
        this.listener = listener;
        this.names = random.nextLong();
    }

    /// What it holds now, the truth: the block hashes that lead to each block.
    Map<SequenceHash, List<BlockHash>> paths() {
        return paths;
    }

    void change() {
        int kind = random.nextInt(40);
        if (kind == 0) {
            paths.clear();
            order.clear();
            listener.onEvent(new Cleared());
        } else if (kind < 14 && !order.isEmpty()) {
            evict();
        } else {
            store();
        }
    }

    private void store() {
        Optional<SequenceHash> parent =
                order.isEmpty() || random.nextInt(3) == 0
                        ? Optional.empty()
                        : Optional.of(order.get(random.nextInt(order.size())));
        var blocks = new ArrayList<StoredBlock>();
        List<BlockHash> path = parent.map(paths::get).orElse(List.of());
        for (int i = random.nextInt(4); i >= 0; i--) {
            var block =
                    new StoredBlock(new SequenceHash(names++), new BlockHash(random.nextInt(3)));
            blocks.add(block);
            path = Stream.concat(path.stream(), Stream.of(block.blockHash())).toList();
            paths.put(block.sequenceHash(), path);
            order.add(block.sequenceHash());
        }
        listener.onEvent(new Stored(parent, blocks));
    }

    private void evict() {
        var removed = new ArrayList<SequenceHash>();
        for (int i = Math.min(order.size(), 1 + random.nextInt(5)); i > 0; i--) {
            removed.add(order.removeLast());
        }
        paths.keySet().removeAll(removed);
        listener.onEvent(new Removed(removed));
    }

    /// The paths of the blocks of a dump.
    static Map<SequenceHash, List<BlockHash>> paths(List<Stored> chains) {
        var paths = new HashMap<SequenceHash, List<BlockHash>>();
        for (Stored chain : chains) {
            List<BlockHash> path = chain.parent().map(paths::get).orElse(List.of());
            for (StoredBlock block : chain.blocks()) {
                path = Stream.concat(path.stream(), Stream.of(block.blockHash())).toList();
                paths.put(block.sequenceHash(), path);
            }
        }
        return paths;
    }
}
