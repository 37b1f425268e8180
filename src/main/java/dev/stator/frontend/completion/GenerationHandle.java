package dev.stator.frontend.completion;

import dev.stator.engine.Generation;

import org.jspecify.annotations.Nullable;

/// Controls a generation that may not have been handed over yet: an engine may call its sink before
/// `generate` returns. Thread-safe, and without a lock, because an engine may hold one of its own
/// while it calls.
final class GenerationHandle {
    private volatile @Nullable Generation generation;
    private volatile boolean closed;
    private volatile boolean paused;

    /// Hands the generation over, once; what was asked before is done now.
    void attach(Generation started) {
        generation = started;
        if (closed) {
            started.close();
        }
        boolean applied = false;
        while (applied != paused) {
            applied = !applied;
            if (applied) {
                started.pause();
            } else {
                started.resume();
            }
        }
    }

    void close() {
        closed = true;
        Generation started = generation;
        if (started != null) {
            started.close();
        }
    }

    void pause() {
        paused = true;
        Generation started = generation;
        if (started != null) {
            started.pause();
        }
    }

    void resume() {
        paused = false;
        Generation started = generation;
        if (started != null) {
            started.resume();
        }
    }
}
