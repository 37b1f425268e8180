package dev.stator.runtime.requests;

import org.jspecify.annotations.Nullable;

/// A handle that can be given out before there is an answer to steer: it remembers what was asked
/// for and passes it on once an answer is attached, and to each further one that takes its place.
/// Thread-safe.
///
/// The last wish wins, also when wishes race with attaching. Answers are called without any lock
/// held, by one thread at a time.
public final class DeferredStream implements RemoteStream {

    private enum Wish {
        FLOW,
        PAUSE,
        CLOSE
    }

    private @Nullable RemoteStream answer; // guarded by this
    private Wish wished = Wish.FLOW; // guarded by this
    private Wish applied = Wish.FLOW; // guarded by this
    private boolean applying; // guarded by this

    /// Sets the answer to steer, in place of the one before.
    public void attach(RemoteStream opened) {
        synchronized (this) {
            answer = opened;
            applied = Wish.FLOW;
        }
        apply();
    }

    /// Whether it was closed by its holder.
    public synchronized boolean isClosed() {
        return wished == Wish.CLOSE;
    }

    @Override
    public void pause() {
        wish(Wish.PAUSE);
    }

    @Override
    public void resume() {
        wish(Wish.FLOW);
    }

    @Override
    public void close() {
        wish(Wish.CLOSE);
    }

    private void wish(Wish wish) {
        synchronized (this) {
            if (wished != Wish.CLOSE) {
                wished = wish;
            }
        }
        apply();
    }

    private void apply() {
        for (Step step = next(true); step != null; step = next(false)) {
            switch (step.wish) {
                case FLOW -> step.target.resume();
                case PAUSE -> step.target.pause();
                case CLOSE -> step.target.close();
            }
        }
    }

    /// What is to be applied next; null when nothing is, or when another thread is at it.
    private synchronized @Nullable Step next(boolean begins) {
        if (begins && applying) {
            return null;
        }
        RemoteStream target = answer;
        applying = target != null && wished != applied;
        if (target == null || !applying) {
            return null;
        }
        applied = wished;
        return new Step(target, applied);
    }

    private record Step(RemoteStream target, Wish wish) {}
}
