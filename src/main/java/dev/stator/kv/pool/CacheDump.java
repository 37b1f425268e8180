package dev.stator.kv.pool;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.StoredBlock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// Writes a pool's cached blocks as chains, each after the chain it branches off from.
final class CacheDump {
    private final BlockPool pool;
    private final int[] firstChild;
    private final int[] nextSibling;
    private final Deque<Integer> chainStarts = new ArrayDeque<>();

    CacheDump(BlockPool pool) {
        this.pool = pool;
        this.firstChild = new int[pool.totalBlocks()];
        this.nextSibling = new int[pool.totalBlocks()];
        Arrays.fill(firstChild, BlockPool.NONE);
        Arrays.fill(nextSibling, BlockPool.NONE);
        for (int block = 0; block < pool.totalBlocks(); block++) {
            if (pool.isCached(block)) {
                link(block);
            }
        }
    }

    List<KvCacheEvent.Stored> events() {
        List<KvCacheEvent.Stored> events = new ArrayList<>();
        while (!chainStarts.isEmpty()) {
            int start = chainStarts.pop();
            events.add(new KvCacheEvent.Stored(pool.parentHash(start), chain(start)));
        }
        return events;
    }

    private void link(int block) {
        int parent = pool.parent(block);
        if (parent == BlockPool.NONE) {
            chainStarts.push(block);
        } else {
            nextSibling[block] = firstChild[parent];
            firstChild[parent] = block;
        }
    }

    /// Follows first children and leaves the others for later.
    private List<StoredBlock> chain(int start) {
        List<StoredBlock> chain = new ArrayList<>();
        for (int block = start; block != BlockPool.NONE; block = firstChild[block]) {
            chain.add(pool.storedBlock(block));
            int child = firstChild[block];
            if (child != BlockPool.NONE) {
                int sibling = nextSibling[child];
                for (; sibling != BlockPool.NONE; sibling = nextSibling[sibling]) {
                    chainStarts.push(sibling);
                }
            }
        }
        return chain;
    }
}
