package dev.stator.kv.cache;

import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// The blocks of an event, sixteen bytes each: a worker keeps its last thousand events, and those
/// of long prompts have thousands of blocks. Immutable.
final class PackedBlocks extends AbstractList<StoredBlock> implements RandomAccess {
    private final long[] sequenceHashes;
    private final long[] blockHashes;

    private PackedBlocks(int size) {
        this.sequenceHashes = new long[size];
        this.blockHashes = new long[size];
    }

    static List<StoredBlock> copyOf(List<StoredBlock> blocks) {
        if (blocks instanceof PackedBlocks) {
            return blocks;
        }
        var packed = new PackedBlocks(blocks.size());
        int i = 0;
        for (StoredBlock block : blocks) {
            packed.sequenceHashes[i] = block.sequenceHash().value();
            packed.blockHashes[i++] = block.blockHash().value();
        }
        return packed;
    }

    @Override
    public StoredBlock get(int index) {
        return new StoredBlock(
                new SequenceHash(sequenceHashes[index]), new BlockHash(blockHashes[index]));
    }

    @Override
    public int size() {
        return sequenceHashes.length;
    }
}
