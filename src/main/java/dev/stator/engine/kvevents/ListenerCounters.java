package dev.stator.engine.kvevents;

import java.util.concurrent.atomic.LongAdder;

/// The numbers of a `KvListenerStats` while they grow.
final class ListenerCounters {
    final LongAdder batches = new LongAdder();
    final LongAdder replayedBatches = new LongAdder();
    final LongAdder lostBatches = new LongAdder();
    final LongAdder restarts = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder events = new LongAdder();
    final LongAdder otherTier = new LongAdder();
    final LongAdder notLocal = new LongAdder();
    final LongAdder otherAttention = new LongAdder();
    final LongAdder ambiguousSalts = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder wrongBlockSize = new LongAdder();
    final LongAdder unsupported = new LongAdder();
    volatile int otherBlockSizeTokens;

    KvListenerStats stats() {
        return new KvListenerStats(
                batches.sum(),
                replayedBatches.sum(),
                lostBatches.sum(),
                restarts.sum(),
                malformed.sum(),
                events.sum(),
                otherTier.sum(),
                notLocal.sum(),
                otherAttention.sum(),
                ambiguousSalts.sum(),
                duplicates.sum(),
                wrongBlockSize.sum(),
                otherBlockSizeTokens,
                unsupported.sum());
    }
}
