package dev.stator.kv.pool;

/// The invariants of a `BlockPool`, spelled out.
final class BlockPoolCheck {
    private final BlockPool pool;
    private final int[] references;
    private final int[] free;
    private final BlockIndex index;
    private final LruList idle;

    BlockPoolCheck(BlockPool pool, int[] references, int[] free, BlockIndex index, LruList idle) {
        this.pool = pool;
        this.references = references;
        this.free = free;
        this.index = index;
        this.idle = idle;
    }

    void run() {
        int[] seen = new int[references.length];
        for (int block : free) {
            seen[block]++;
            require(references[block] == 0, "a free block is held", block);
            require(!pool.isCached(block), "a free block is cached", block);
        }
        checkIdle(seen);
        int cached = 0;
        for (int block = 0; block < references.length; block++) {
            boolean held = references[block] > 0;
            require(references[block] >= 0, "negative reference count", block);
            require(seen[block] == (held ? 0 : 1), "neither held, free nor idle exactly", block);
            if (pool.isCached(block)) {
                cached++;
                checkCached(block);
            }
        }
        require(cached == index.size(), "index and blocks disagree", cached);
    }

    /// Children come before their parents, and every idle block is cached.
    private void checkIdle(int[] seen) {
        boolean[] passed = new boolean[references.length];
        int count = 0;
        for (int block = idle.first(); block < references.length; block = idle.after(block)) {
            seen[block]++;
            count++;
            passed[block] = true;
            require(pool.isCached(block), "an idle block is not cached", block);
            int parent = pool.parent(block);
            require(parent == BlockPool.NONE || !passed[parent], "parent before child", block);
        }
        require(count == idle.size(), "idle list has another size", count);
    }

    private void checkCached(int block) {
        require(index.find(index.sequenceHash(block)) == block, "a cached block is lost", block);
        int parent = pool.parent(block);
        if (parent != BlockPool.NONE) {
            require(pool.isCached(parent), "the parent of a cached block is not cached", block);
            require(references[parent] > 0 || references[block] == 0, "parent not held", block);
        }
    }

    private static void require(boolean holds, String what, int block) {
        if (!holds) {
            throw new IllegalStateException(what + ": " + block);
        }
    }
}
