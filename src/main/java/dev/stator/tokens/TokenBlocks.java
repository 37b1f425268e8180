package dev.stator.tokens;

import java.util.Arrays;
import java.util.Objects;

/// The hashes of the complete blocks of one token sequence, first block first.
public final class TokenBlocks {
    private final int blockSizeTokens;
    private final long[] blockHashes;
    private final long[] sequenceHashes;

    TokenBlocks(int blockSizeTokens, long[] blockHashes, long[] sequenceHashes) {
        this.blockSizeTokens = blockSizeTokens;
        this.blockHashes = blockHashes;
        this.sequenceHashes = sequenceHashes;
    }

    /// Blocks of which only their own hashes are known, first block first.
    ///
    /// Throws `IllegalArgumentException` unless the block size is positive.
    public static TokenBlocks of(int blockSizeTokens, long... blockHashes) {
        if (blockSizeTokens < 1) {
            throw new IllegalArgumentException("block size must be positive: " + blockSizeTokens);
        }
        long[] sequenceHashes = blockHashes.clone();
        for (int i = 1; i < blockHashes.length; i++) {
            sequenceHashes[i] = BlockHasher.chain(sequenceHashes[i - 1], blockHashes[i]);
        }
        return new TokenBlocks(blockSizeTokens, blockHashes.clone(), sequenceHashes);
    }

    /// Complete blocks; the tail that fills no block is not counted.
    public int count() {
        return blockHashes.length;
    }

    public int blockSizeTokens() {
        return blockSizeTokens;
    }

    /// The first blocks alone.
    public TokenBlocks prefix(int blocks) {
        return new TokenBlocks(
                blockSizeTokens,
                Arrays.copyOf(blockHashes, Objects.checkIndex(blocks, count() + 1)),
                Arrays.copyOf(sequenceHashes, blocks));
    }

    /// The last one of every `stride` blocks, with its history; the tail that fills no stride is
    /// left out. What is left does not follow each other.
    public TokenBlocks every(int stride) {
        if (stride == 1) {
            return this;
        }
        var blocks = new long[count() / stride];
        var sequences = new long[blocks.length];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = blockHashes[(i + 1) * stride - 1];
            sequences[i] = sequenceHashes[(i + 1) * stride - 1];
        }
        return new TokenBlocks(blockSizeTokens, blocks, sequences);
    }

    /// The bits of the `BlockHash`es of all blocks, in a new array.
    public long[] blockHashes() {
        return blockHashes.clone();
    }

    /// The bits of the `BlockHash` of block `index`.
    public long blockHash(int index) {
        return blockHashes[index];
    }

    /// The bits of the `SequenceHash` of block `index`.
    public long sequenceHash(int index) {
        return sequenceHashes[index];
    }

    /// The bits of the `SequenceHash`es of all blocks, in a new array.
    public long[] sequenceHashes() {
        return sequenceHashes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenBlocks that
                && blockSizeTokens == that.blockSizeTokens
                && Arrays.equals(blockHashes, that.blockHashes)
                && Arrays.equals(sequenceHashes, that.sequenceHashes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sequenceHashes);
    }

    @Override
    public String toString() {
        return count() + " blocks of " + blockSizeTokens + " tokens";
    }
}
