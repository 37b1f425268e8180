package dev.stator.kv.pool;

import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import java.util.Arrays;

/// The blocks one sequence holds in a `BlockPool`: entry `i` keeps the KV of tokens
/// `[i * blockSize, (i + 1) * blockSize)`.
///
/// Remembers the hashes of the sequence's full blocks, also while it holds none, so that they are
/// computed once. Belongs to the owner of the pool; only `of` may run elsewhere.
public final class BlockTable {
    private final BlockHasher hasher;
    private final CacheNamespace namespace;
    private long[] blockHashes;
    private long[] sequenceHashes;
    private int hashed;
    private int[] blocks;
    private int size;
    private int committed;

    /// An empty table whose first full blocks have the given hashes.
    BlockTable(
            BlockHasher hasher,
            CacheNamespace namespace,
            long[] blockHashes,
            long[] sequenceHashes) {
        this.hasher = hasher;
        this.namespace = namespace;
        this.hashed = blockHashes.length;
        this.blockHashes = blockHashes;
        this.sequenceHashes = sequenceHashes;
        this.blocks = new int[hashed + 1];
    }

    /// An empty table for a sequence that begins with `prompt`, whose full blocks are hashed here.
    ///
    /// @param hasher made for the pool's block size and `namespace`
    public static BlockTable of(BlockHasher hasher, CacheNamespace namespace, TokenIds prompt) {
        TokenBlocks hashes = hasher.hash(prompt);
        long[] blockHashes = new long[hashes.count()];
        long[] sequenceHashes = new long[hashes.count()];
        for (int i = 0; i < hashes.count(); i++) {
            blockHashes[i] = hashes.blockHash(i);
            sequenceHashes[i] = hashes.sequenceHash(i);
        }
        return new BlockTable(hasher, namespace, blockHashes, sequenceHashes);
    }

    /// Blocks held.
    public int size() {
        return size;
    }

    /// The physical id of entry `index`.
    public int block(int index) {
        return blocks[index];
    }

    /// The physical ids, valid in `[0, size())` until the pool changes the table. Read only.
    public int[] blocks() {
        return blocks;
    }

    CacheNamespace namespace() {
        return namespace;
    }

    /// Leading blocks that are full and known to the pool as such.
    public int committed() {
        return committed;
    }

    void committed(int count) {
        committed = count;
    }

    long blockHash(int index) {
        return blockHashes[index];
    }

    long sequenceHash(int index) {
        return sequenceHashes[index];
    }

    /// Makes the hashes of the first `count` blocks known.
    void hash(int[] ids, int count) {
        if (count <= hashed) {
            return;
        }
        if (count > blockHashes.length) {
            int capacity = Math.max(count, blockHashes.length + (blockHashes.length >> 1) + 4);
            blockHashes = Arrays.copyOf(blockHashes, capacity);
            sequenceHashes = Arrays.copyOf(sequenceHashes, capacity);
        }
        for (; hashed < count; hashed++) {
            long blockHash = hasher.blockHash(ids, hashed * hasher.blockSizeTokens());
            blockHashes[hashed] = blockHash;
            sequenceHashes[hashed] =
                    hashed == 0
                            ? blockHash
                            : BlockHasher.chain(sequenceHashes[hashed - 1], blockHash);
        }
    }

    void append(int block) {
        if (size == blocks.length) {
            blocks = Arrays.copyOf(blocks, size + (size >> 1) + 4);
        }
        blocks[size++] = block;
    }

    void replace(int index, int block) {
        blocks[index] = block;
    }

    void clear() {
        size = 0;
        committed = 0;
    }
}
