package dev.stator.routing.live;

import java.util.concurrent.atomic.LongAdder;

/// What a feed has done.
final class FeedCounters {
    final LongAdder applied = new LongAdder();
    final LongAdder ignored = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder replays = new LongAdder();
    final LongAdder dumps = new LongAdder();
    final LongAdder failedQueries = new LongAdder();
}
