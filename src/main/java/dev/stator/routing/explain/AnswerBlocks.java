package dev.stator.routing.explain;

import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import java.util.Arrays;

/// A prompt and its answer as the blocks that its worker holds at the end. Not thread-safe.
public final class AnswerBlocks {
    private static final int CAPACITY_MIN = 64;

    private final BlockHasher hasher;
    private final TokenBlocks prompt;
    private int[] tail; // of the prompt, then the answer
    private int size;

    /// @param blocks of the prompt
    public AnswerBlocks(BlockHasher hasher, TokenIds prompt, TokenBlocks blocks) {
        int covered = blocks.count() * blocks.blockSizeTokens();
        this.hasher = hasher;
        this.prompt = blocks;
        this.size = prompt.size() - covered;
        this.tail = new int[size + CAPACITY_MIN];
        prompt.copyTo(covered, tail, 0, size);
    }

    /// One more token of the answer.
    public void add(int tokenId) {
        if (size == tail.length) {
            tail = Arrays.copyOf(tail, size * 2);
        }
        tail[size++] = tokenId;
    }

    TokenBlocks prompt() {
        return prompt;
    }

    /// The sequence hashes of all complete blocks. The last token counts for nothing: it is only
    /// sampled, and nobody computes its KV.
    long[] sequenceHashes() {
        int blockSize = prompt.blockSizeTokens();
        int more = Math.max(0, size - 1) / blockSize;
        long[] hashes = Arrays.copyOf(prompt.sequenceHashes(), prompt.count() + more);
        for (int i = 0; i < more; i++) {
            long block = hasher.blockHash(tail, i * blockSize);
            int at = prompt.count() + i;
            hashes[at] = at == 0 ? block : BlockHasher.chain(hashes[at - 1], block);
        }
        return hashes;
    }
}
