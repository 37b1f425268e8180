package dev.stator.kv.pool;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.cache.KvCacheListener.StoredTokens;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenIds;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The KV blocks of one worker and the prefix cache over them. One thread owns it.
///
/// A block is *free*, *private* (held by one sequence and not reusable by others), or *cached*:
/// full, found by its sequence hash and announced. Cached blocks are shared by reference counts;
/// without references they are *idle* and stay until their room is needed.
///
/// * A hit compares parent and tokens, so two prefixes with the same 64-bit hash never share KV;
///   the second one simply stays private.
/// * A sequence that fills a block whose content is cached already is moved to the cached block,
///   and its own is freed. So a cached block's parent is the cached block before it, and whoever
///   holds a block holds its parents.
/// * Sequences give blocks back last block first. So the idle list, least recently used first,
///   has every child before its parent, and taking its head never orphans a cached block.
///
/// Every operation costs O(1) per block it touches.
public final class BlockPool {
    static final int NONE = -1;

    private final int blockSizeTokens;
    private final int[] tokens; // [block][token], of cached blocks
    private final int[] parents; // of cached blocks; NONE at the root
    private final long[] blockHashes; // of cached blocks
    private final @Nullable CacheNamespace[] namespaces; // null unless cached
    private final int[] references;
    private final int[] free; // a stack
    private final BlockIndex index;
    private final LruList idle;
    private final CacheEventBatch events;
    private int freeCount;

    /// Throws `IllegalArgumentException` unless both numbers are positive and the pool holds fewer
    /// than 2^31 tokens.
    public BlockPool(int blocks, int blockSizeTokens, KvCacheListener listener) {
        if (blocks < 1 || blockSizeTokens < 1 || blocks > Integer.MAX_VALUE / blockSizeTokens) {
            throw new IllegalArgumentException(
                    "pool needs at least one block and less than 2^31 tokens: %d blocks of %d"
                            .formatted(blocks, blockSizeTokens));
        }
        this.blockSizeTokens = blockSizeTokens;
        this.tokens = new int[blocks * blockSizeTokens];
        this.parents = new int[blocks];
        this.blockHashes = new long[blocks];
        this.namespaces = new @Nullable CacheNamespace[blocks];
        this.references = new int[blocks];
        this.free = new int[blocks];
        this.index = new BlockIndex(blocks);
        this.idle = new LruList(blocks);
        this.events = new CacheEventBatch(listener, this::tokens);
        for (int block = blocks - 1; block >= 0; block--) {
            free[freeCount++] = block;
        }
    }

    public int blockSizeTokens() {
        return blockSizeTokens;
    }

    public int totalBlocks() {
        return references.length;
    }

    /// Blocks that can be taken now: free ones and idle ones.
    public int availableBlocks() {
        return freeCount + idle.size();
    }

    /// Blocks held by sequences.
    public int usedBlocks() {
        return totalBlocks() - availableBlocks();
    }

    /// Blocks that a later sequence may find, held or idle.
    public int cachedBlocks() {
        return index.size();
    }

    /// Blocks needed for so many tokens.
    public int blocksFor(int tokenCount) {
        return Math.ceilDiv(tokenCount, blockSizeTokens);
    }

    /// Appends to `table` the cached blocks that continue it, as far as they are full within the
    /// first `tokensMax` of `ids`, and returns the size of the table.
    ///
    /// @param table holds only committed blocks
    public int match(BlockTable table, int[] ids, int tokensMax) {
        int limit = tokensMax / blockSizeTokens;
        table.hash(ids, limit);
        for (int position = table.size(); position < limit; position++) {
            int block = index.find(table.sequenceHash(position));
            if (block == NONE || !holds(block, table, ids, position)) {
                break;
            }
            pin(block);
            table.append(block);
        }
        table.committed(table.size());
        return table.size();
    }

    /// Makes `table` large enough for so many tokens with private blocks, evicting idle ones as
    /// needed. Takes all it needs or nothing; returns whether it did.
    public boolean grow(BlockTable table, int tokenCount) {
        int missing = blocksFor(tokenCount) - table.size();
        if (missing > availableBlocks()) {
            return false;
        }
        for (; missing > 0; missing--) {
            table.append(allocate());
        }
        events.flush();
        return true;
    }

    /// Says that the KV of the first `filledTokens` tokens of `ids` is written: blocks that became
    /// full are cached and announced. Entries of the table may move to equal cached blocks.
    public void commit(BlockTable table, int[] ids, int filledTokens) {
        int full = filledTokens / blockSizeTokens;
        if (full <= table.committed()) {
            return;
        }
        table.hash(ids, full);
        for (int position = table.committed(); position < full; position++) {
            commitBlock(table, ids, position);
        }
        table.committed(full);
        events.flush();
    }

    /// Gives back all blocks of `table`, which is empty afterwards. What is cached stays cached.
    public void release(BlockTable table) {
        for (int position = table.size() - 1; position >= 0; position--) {
            unpin(table.block(position));
        }
        table.clear();
    }

    /// Forgets all cached blocks. Those that sequences hold become private to them.
    public void clear() {
        while (idle.size() > 0) {
            int block = idle.first();
            idle.remove(block);
            free[freeCount++] = block;
        }
        index.clear();
        Arrays.fill(namespaces, null);
        events.cleared();
    }

    /// The cached blocks as the events that would store them in an empty cache, parents first.
    public List<KvCacheEvent.Stored> dump() {
        return new CacheDump(this).events();
    }

    boolean isCached(int block) {
        return namespaces[block] != null;
    }

    int parent(int block) {
        return parents[block];
    }

    StoredBlock storedBlock(int block) {
        return new StoredBlock(
                new SequenceHash(index.sequenceHash(block)), new BlockHash(blockHashes[block]));
    }

    Optional<SequenceHash> parentHash(int block) {
        return parents[block] == NONE
                ? Optional.empty()
                : Optional.of(new SequenceHash(index.sequenceHash(parents[block])));
    }

    private void commitBlock(BlockTable table, int[] ids, int position) {
        int parent = position == 0 ? NONE : table.block(position - 1);
        if (parent != NONE && !isCached(parent)) {
            return;
        }
        int existing = index.find(table.sequenceHash(position));
        if (existing == NONE) {
            store(table, ids, position, parent);
        } else if (holds(existing, table, ids, position)) {
            pin(existing);
            unpin(table.block(position));
            table.replace(position, existing);
        }
    }

    private void store(BlockTable table, int[] ids, int position, int parent) {
        int block = table.block(position);
        System.arraycopy(
                ids, position * blockSizeTokens, tokens, block * blockSizeTokens, blockSizeTokens);
        parents[block] = parent;
        blockHashes[block] = table.blockHash(position);
        namespaces[block] = table.namespace();
        index.put(table.sequenceHash(position), block);
        events.stored(parentHash(block), storedBlock(block), block);
    }

    /// What cached blocks of one namespace hold.
    private StoredTokens tokens(int[] blocks) {
        int[] ids = new int[blocks.length * blockSizeTokens];
        for (int i = 0; i < blocks.length; i++) {
            System.arraycopy(
                    tokens, blocks[i] * blockSizeTokens, ids, i * blockSizeTokens, blockSizeTokens);
        }
        return new StoredTokens(
                Objects.requireNonNull(namespaces[blocks[0]]), blockSizeTokens, TokenIds.of(ids));
    }

    /// Whether a cached block is what `table` has, or would have, at `position`.
    private boolean holds(int block, BlockTable table, int[] ids, int position) {
        int parent = position == 0 ? NONE : table.block(position - 1);
        int from = position * blockSizeTokens;
        int at = block * blockSizeTokens;
        return parents[block] == parent
                && table.namespace().equals(namespaces[block])
                && Arrays.equals(
                        tokens, at, at + blockSizeTokens, ids, from, from + blockSizeTokens);
    }

    private int allocate() {
        int block;
        if (freeCount > 0) {
            block = free[--freeCount];
        } else {
            block = idle.first();
            idle.remove(block);
            index.remove(block);
            namespaces[block] = null;
            events.removed(index.sequenceHash(block));
        }
        references[block] = 1;
        return block;
    }

    private void pin(int block) {
        if (references[block]++ == 0) {
            idle.remove(block);
        }
    }

    private void unpin(int block) {
        if (--references[block] > 0) {
            return;
        }
        if (isCached(block)) {
            idle.addLast(block);
        } else {
            free[freeCount++] = block;
        }
    }

    /// Throws `IllegalStateException` when the parts of the pool contradict each other. O(blocks).
    public void checkInvariants() {
        new BlockPoolCheck(this, references, Arrays.copyOf(free, freeCount), index, idle).run();
    }
}
