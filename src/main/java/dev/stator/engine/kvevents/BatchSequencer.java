package dev.stator.engine.kvevents;

import dev.stator.engine.kvevents.Frames.Batch;

import java.util.ArrayDeque;
import java.util.Deque;

/// Puts the batches of one engine into one unbroken order. Not thread-safe; does nothing by itself.
///
/// * A batch further ahead than the next one is held, with all that follow, while a replay of what
///   is between is on its way; without replay, and for what a replay does not bring, it is told
///   that batches are lost.
/// * Live batches that a replay has brought already are passed over: the two come by different
///   ways. Only when live numbers themselves go back has the engine begun anew.
/// * What was published before the first batch seen is asked for too; without replay nobody counts
///   it as lost.
/// * Everything that the engine keeps can be had once more. What is older than that counts neither
///   as repeated nor as lost.
final class BatchSequencer {

    /// Live batches held during a replay; as many as vLLM keeps for one.
    static final int HELD_BATCHES_MAX = 10_000;

    private static final long NONE = -1;

    private final Steps steps;
    private final boolean canReplay;
    private final Deque<Batch> held = new ArrayDeque<>();
    private long expected; // the next sequence to apply
    private long lastLive = NONE;
    private long askedFrom; // where the replay on its way begins
    private boolean isReplaying;
    private boolean isRepeatBegun; // a batch of the repetition was applied
    private long repeatedUntil = NONE; // the next sequence before a repetition; NONE without one

    /// What to do about the batches.
    interface Steps {

        /// The next batch in order.
        void apply(Batch batch);

        /// Batches from this sequence on are wanted; `replayed` and `replayEnded` follow.
        void askReplay(long first);

        /// So many batches before the next one are gone.
        void lost(long batches);

        /// The engine has begun anew with an empty cache.
        void restarted();

        /// Everything is as new as it was before the repetition, or newer.
        void repeated();
    }

    BatchSequencer(boolean canReplay, Steps steps) {
        this.canReplay = canReplay;
        this.steps = steps;
    }

    /// A batch as it was published.
    void live(Batch batch) {
        boolean isFirst = lastLive == NONE;
        if (!isFirst && batch.sequence() <= lastLive) {
            restart();
            isFirst = true;
        }
        lastLive = batch.sequence();
        if (isReplaying) {
            hold(batch);
        } else if (batch.sequence() > expected && canReplay) {
            held.add(batch);
            ask();
        } else {
            expected = isFirst ? batch.sequence() : expected;
            applyInOrder(batch);
        }
    }

    /// Asks for every batch that the engine keeps, to be applied once more; `repeated` follows.
    /// False when there is nothing to ask for, or another replay is on its way.
    boolean repeat() {
        if (!canReplay || isReplaying || lastLive == NONE) {
            return false;
        }
        repeatedUntil = expected;
        isRepeatBegun = false;
        isReplaying = true;
        askedFrom = expected;
        steps.askReplay(0);
        return true;
    }

    /// A batch that was asked for.
    void replayed(Batch batch) {
        if (!isReplaying) {
            return;
        }
        if (repeatedUntil != NONE && !isRepeatBegun) {
            isRepeatBegun = true;
            expected = Math.min(expected, batch.sequence());
            askedFrom = expected;
        }
        applyInOrder(batch);
    }

    /// No more come, or it takes too long. When it brought something and there is another gap among
    /// the batches held, that is asked for in turn.
    void replayEnded() {
        if (!isReplaying) {
            return;
        }
        isReplaying = false;
        boolean hasHelped = expected > askedFrom;
        if (expected < repeatedUntil && hasHelped) {
            ask();
            return;
        }
        endRepeat();
        while (!held.isEmpty()) {
            if (held.element().sequence() > expected && hasHelped) {
                ask();
                return;
            }
            applyInOrder(held.remove());
        }
    }

    private void ask() {
        isReplaying = true;
        askedFrom = expected;
        steps.askReplay(expected);
    }

    private void hold(Batch batch) {
        if (held.size() == HELD_BATCHES_MAX) {
            askedFrom = expected;
            replayEnded();
        }
        if (isReplaying) {
            held.add(batch);
        } else {
            applyInOrder(batch);
        }
    }

    private void restart() {
        held.clear();
        isReplaying = false;
        expected = 0;
        repeatedUntil = Math.min(repeatedUntil, 0); // nothing of the former life is wanted
        steps.restarted();
        endRepeat();
    }

    private void endRepeat() {
        if (expected < repeatedUntil) {
            steps.lost(repeatedUntil - expected);
            expected = repeatedUntil;
        }
        if (repeatedUntil != NONE) {
            repeatedUntil = NONE;
            steps.repeated();
        }
    }

    private void applyInOrder(Batch batch) {
        if (batch.sequence() < expected) {
            return;
        }
        if (batch.sequence() > expected) {
            steps.lost(batch.sequence() - expected);
        }
        expected = batch.sequence() + 1;
        steps.apply(batch);
    }
}
