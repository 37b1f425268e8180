package dev.stator.kv.index.packed;

import dev.stator.kv.index.memory.LongArena;

/// Chains that stop between the steps of a lookup and of a change, so that a test can do something
/// else there. What threads do by chance, this does at a step of the test's choice.
final class SteppedChains extends Chains {
    private final Runnable step;
    private boolean isWriting;

    SteppedChains(LongArena arena, Runnable step) {
        super(arena);
        this.step = step;
    }

    @Override
    long version(int chain) {
        long version = super.version(chain);
        pause();
        return version;
    }

    @Override
    boolean isUnchanged(int chain, long version) {
        pause();
        return super.isUnchanged(chain, version);
    }

    @Override
    boolean isAt(int chain, int offset, long sequenceHash) {
        boolean isAt = super.isAt(chain, offset, sequenceHash);
        pause();
        return isAt;
    }

    @Override
    int common(int chain, int offset, HashSource hashes, int from) {
        int common = super.common(chain, offset, hashes, from);
        pause();
        return common;
    }

    @Override
    long runs(int chain) {
        long runs = super.runs(chain);
        pause();
        return runs;
    }

    @Override
    void runs(int chain, long runs) {
        super.runs(chain, runs);
        pause();
    }

    @Override
    int parent(int chain) {
        int parent = super.parent(chain);
        pause();
        return parent;
    }

    @Override
    void length(int chain, int length) {
        super.length(chain, length);
        pause();
    }

    @Override
    void use(int chain, int time) {
        super.use(chain, time);
        pause();
    }

    @Override
    void rehang(int chain, int parent, int parentOffset) {
        super.rehang(chain, parent, parentOffset);
        pause();
    }

    @Override
    void unhang(int chain) {
        super.unhang(chain);
        pause();
    }

    @Override
    void free(int chain) {
        super.free(chain);
        pause();
    }

    /// A lookup in the middle of writing waits, here for itself.
    @Override
    void turnVersion(int chain) {
        super.turnVersion(chain);
        isWriting = !isWriting;
    }

    private void pause() {
        if (!isWriting) {
            step.run();
        }
    }
}
