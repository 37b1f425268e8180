package dev.stator.kv.pool;

import dev.stator.tokens.CacheNamespace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a `BlockPool` means: cached blocks are known by their whole prefix, word for word.
final class NaiveBlockPool {

    /// A cached block's identity: everything up to its end.
    record Prefix(CacheNamespace namespace, List<Integer> ids) {
        Prefix {
            ids = List.copyOf(ids);
        }
    }

    /// A block in use, or idle without references.
    static final class Block {
        private Optional<Prefix> cachedAs = Optional.empty();
        private int references = 1;
    }

    /// One sequence.
    static final class Table {
        private final CacheNamespace namespace;
        private final List<Block> blocks = new ArrayList<>();
        private int committed;

        Table(CacheNamespace namespace) {
            this.namespace = namespace;
        }

        int size() {
            return blocks.size();
        }
    }

    private final int blocksMax;
    private final int blockSize;
    private final Map<Prefix, Block> cache = new HashMap<>();
    private final LinkedHashSet<Block> idle = new LinkedHashSet<>();
    private final Set<Block> held = new HashSet<>();

    NaiveBlockPool(int blocksMax, int blockSize) {
        this.blocksMax = blocksMax;
        this.blockSize = blockSize;
    }

    int available() {
        return blocksMax - held.size();
    }

    Set<Prefix> cached() {
        return cache.keySet();
    }

    int match(Table table, List<Integer> ids, int tokensMax) {
        int limit = tokensMax / blockSize;
        while (table.size() < limit) {
            Block found = cache.get(prefix(table, ids, table.size()));
            if (found == null) {
                break;
            }
            pin(found);
            table.blocks.add(found);
        }
        table.committed = table.size();
        return table.size();
    }

    boolean grow(Table table, int tokenCount) {
        int missing = Math.ceilDiv(tokenCount, blockSize) - table.size();
        if (missing > available()) {
            return false;
        }
        for (int i = 0; i < missing; i++) {
            if (held.size() + idle.size() == blocksMax) {
                cache.remove(idle.removeFirst().cachedAs.orElseThrow());
            }
            var block = new Block();
            held.add(block);
            table.blocks.add(block);
        }
        return true;
    }

    void commit(Table table, List<Integer> ids, int filledTokens) {
        for (; table.committed < filledTokens / blockSize; table.committed++) {
            int position = table.committed;
            if (position > 0 && table.blocks.get(position - 1).cachedAs.isEmpty()) {
                continue;
            }
            Prefix prefix = prefix(table, ids, position);
            Block own = table.blocks.get(position);
            Block existing = cache.get(prefix);
            if (existing != null) {
                held.remove(own);
                pin(existing);
                table.blocks.set(position, existing);
            } else {
                own.cachedAs = Optional.of(prefix);
                cache.put(prefix, own);
            }
        }
    }

    void release(Table table) {
        for (Block block : table.blocks.reversed()) {
            block.references--;
            if (block.references == 0) {
                held.remove(block);
                if (block.cachedAs.isPresent()) {
                    idle.addLast(block);
                }
            }
        }
        table.blocks.clear();
        table.committed = 0;
    }

    void clear() {
        cache.values().forEach(block -> block.cachedAs = Optional.empty());
        cache.clear();
        idle.clear();
    }

    private Prefix prefix(Table table, List<Integer> ids, int position) {
        return new Prefix(table.namespace, ids.subList(0, (position + 1) * blockSize));
    }

    private void pin(Block block) {
        block.references++;
        idle.remove(block);
        held.add(block);
    }
}
