package dev.stator.routing.live;

import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.kv.index.ApplyResult;
import dev.stator.kv.index.PrefixIndex;

import java.util.List;
import java.util.Optional;

/// Keeps the index true about one life of one worker's cache. Opens nothing itself: its methods
/// return the question that should be put to the worker, if any. Thread-safe; one lock.
///
/// ```
/// event last+1        apply
/// event <= last       ignore: it was applied, or a dump contains it
/// event > last+1      a gap: ask for last+1 and on; what runs ahead meanwhile is only noted, and
///                     asked for afterwards
/// an unknown parent   counted; asked for everything by one of the next audits
/// ```
///
/// A parent is unknown when the index had to forget it for lack of room, or the worker is wrong.
/// What the worker holds below it is not believed until the answer; since a full index may forget
/// again while it takes the answer, such answers are at least `REPAIR_AUDITS` audits apart.
final class CacheFollower {

    /// Audits after which an unanswered question is given up and asked again.
    private static final int PATIENCE_AUDITS = 10;

    /// Audits from one answer with everything to the next question for it, if parents are unknown.
    static final int REPAIR_AUDITS = 4;

    private final KvEventSource source;
    private final PrefixIndex index;
    private final FeedCounters counters;

    private boolean isRestored; // guarded by this: a dump was applied
    private boolean isAsking; // guarded by this: a question is out
    private boolean isForgotten; // guarded by this
    private long last; // guarded by this: the last event that the index contains
    private long newest; // guarded by this: the last event heard of
    private long lastWhenAsked; // guarded by this
    private int patience; // guarded by this: audits until an open question is given up
    private boolean isIncomplete; // guarded by this: events were refused since the last dump
    private int auditsToRepair; // guarded by this
    private boolean isHeard; // guarded by this: events came in their turn since the last audit

    CacheFollower(KvEventSource source, PrefixIndex index, FeedCounters counters) {
        this.source = source;
        this.index = index;
        this.counters = counters;
    }

    KvEventSource source() {
        return source;
    }

    /// Everything, for the first time or because what is known cannot be trusted.
    synchronized Optional<KvQuery> restore() {
        isRestored = false;
        return ask();
    }

    synchronized Optional<KvQuery> onEvent(WorkerKvEvent event) {
        newest = Math.max(newest, event.sequence());
        if (isForgotten || event.sequence() <= last) {
            counters.ignored.increment();
            return Optional.empty();
        }
        if (isRestored && event.sequence() == last + 1) {
            isHeard = true;
            apply(event);
            return Optional.empty();
        }
        if (isAsking) {
            counters.ignored.increment();
            return Optional.empty();
        }
        counters.gaps.increment();
        return ask();
    }

    synchronized Optional<KvQuery> onAnswer(KvAnswer answer) {
        isAsking = false;
        if (isForgotten || !answer.source().equals(source)) {
            counters.ignored.increment();
            return Optional.empty();
        }
        switch (answer) {
            case KvAnswer.Events(_, var events, _) -> {
                replay(events);
                if (last == lastWhenAsked) {
                    newest = last; // nobody has what was heard of
                }
            }
            case KvAnswer.TreeDump(_, var chains, var lastSequence) ->
                    replace(chains, lastSequence);
            case KvAnswer.TooNew(_, var lastSequence) -> {
                isRestored = false;
                newest = lastSequence;
            }
        }
        return !isRestored || newest > last ? ask() : Optional.empty();
    }

    /// The question got no answer; the next event or audit asks again.
    synchronized void onNoAnswer() {
        isAsking = false;
        counters.failedQueries.increment();
    }

    /// Asks whether anything was missed at the end, unless a question is out already. A worker that
    /// is heard needs no such question: what it says next shows what was missed before.
    synchronized Optional<KvQuery> audit() {
        boolean wasHeard = isHeard;
        isHeard = false;
        if (isAsking && --patience > 0) {
            return Optional.empty();
        }
        isAsking = false;
        if (isIncomplete && --auditsToRepair <= 0) {
            return ask(KvQuery.everything(source));
        }
        return wasHeard ? Optional.empty() : ask();
    }

    /// Removes what the index holds; nothing is applied afterwards.
    synchronized void forget() {
        isForgotten = true;
        index.remove(source.worker());
    }

    private Optional<KvQuery> ask() {
        return ask(isRestored ? KvQuery.from(source, last + 1) : KvQuery.everything(source));
    }

    private Optional<KvQuery> ask(KvQuery query) {
        if (isAsking || isForgotten) {
            return Optional.empty();
        }
        isAsking = true;
        lastWhenAsked = last;
        patience = PATIENCE_AUDITS;
        return Optional.of(query);
    }

    private void replay(List<WorkerKvEvent> events) {
        long before = last;
        for (WorkerKvEvent event : events) {
            if (isRestored && event.sequence() == last + 1) {
                apply(event);
            }
        }
        if (last > before) {
            counters.replays.increment();
        }
    }

    private void replace(List<KvCacheEvent.Stored> chains, long lastSequence) {
        counters.dumps.increment();
        index.remove(source.worker());
        isIncomplete = false;
        auditsToRepair = REPAIR_AUDITS;
        for (KvCacheEvent.Stored chain : chains) {
            count(index.apply(source.worker(), chain));
        }
        isRestored = true;
        last = lastSequence;
        newest = Math.max(newest, last);
    }

    private void apply(WorkerKvEvent event) {
        count(index.apply(source.worker(), event.event()));
        last = event.sequence();
        counters.applied.increment();
    }

    private void count(ApplyResult result) {
        if (result instanceof ApplyResult.UnknownParent) {
            counters.rejected.increment();
            isIncomplete = true;
        }
    }
}
