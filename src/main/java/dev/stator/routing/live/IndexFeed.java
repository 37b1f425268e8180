package dev.stator.routing.live;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Brings what the workers' caches do into the prefix index. Thread-safe.
///
/// Events are hints; the worker is the truth. A worker that is seen first is asked for everything,
/// one whose events have a gap for what is missing, and `audit` asks all of them whether the last
/// events were lost. At most one question per worker is out at a time.
public final class IndexFeed implements CacheFollowing, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexFeed.class);

    private final WorkerProtocol protocol;
    private final PrefixIndex index;
    private final RequestPlane requests;
    private final FeedCounters counters = new FeedCounters();
    private final Map<WorkerId, Followed> followed = new ConcurrentHashMap<>();
    private final EventPlane.Subscription subscription;

    private IndexFeed(
            WorkerProtocol protocol, PrefixIndex index, EventPlane events, RequestPlane requests) {
        this.protocol = protocol;
        this.index = index;
        this.requests = requests;
        this.subscription = events.subscribe(protocol.kvEvents(), new Events());
    }

    /// Subscribes; which workers are followed is told by a `WorkerDirectory`.
    public static IndexFeed open(
            WorkerProtocol protocol, PrefixIndex index, EventPlane events, RequestPlane requests) {
        return new IndexFeed(protocol, index, events, requests);
    }

    /// Asks every worker for what may have been missed. To be called about once a second.
    public void audit() {
        for (Followed each : followed.values()) {
            try {
                each.ask(each.cache.audit());
            } catch (RuntimeException e) {
                LOG.error("auditing {} failed", each.cache.source(), e);
            }
        }
    }

    public FeedStats stats() {
        return new FeedStats(
                followed.size(),
                counters.applied.sum(),
                counters.ignored.sum(),
                counters.rejected.sum(),
                counters.gaps.sum(),
                counters.replays.sum(),
                counters.dumps.sum(),
                counters.failedQueries.sum());
    }

    /// Stops listening. The index keeps what it has.
    @Override
    public void close() {
        subscription.close();
    }

    @Override
    public void follow(WorkerId worker, long incarnation, Instance answers) {
        var source = new KvEventSource(worker, incarnation);
        Followed known = followed.get(worker);
        if (known != null && known.cache.source().equals(source)) {
            known.answers = answers;
            return;
        }
        forget(worker);
        var next = new Followed(new CacheFollower(source, index, counters), answers);
        followed.put(worker, next);
        next.ask(next.cache.restore());
    }

    @Override
    public void forget(WorkerId worker) {
        Followed gone = followed.remove(worker);
        if (gone != null) {
            gone.cache.forget();
        }
    }

    private final class Events implements EventSubscriber<WorkerKvEvent> {

        @Override
        public void onEvent(WorkerKvEvent event) {
            Followed of = followed.get(event.source().worker());
            if (of == null || !of.cache.source().equals(event.source())) {
                counters.ignored.increment();
                return;
            }
            of.ask(of.cache.onEvent(event));
        }

        @Override
        public void onGap(long events) {
            LOG.warn("{} KV events were dropped here, asking every worker", events);
            counters.gaps.increment();
            audit();
        }
    }

    /// A cache and where its worker answers for it.
    private final class Followed {
        private final CacheFollower cache;
        private volatile Instance answers;

        Followed(CacheFollower cache, Instance answers) {
            this.cache = cache;
            this.answers = answers;
        }

        /// Puts a question, if there is one, and all that follow from the answers.
        void ask(Optional<KvQuery> question) {
            question.ifPresent(
                    it ->
                            requests.open(
                                    protocol.kvQuery(it.source().worker().rank()),
                                    answers,
                                    it,
                                    new Answer(this)));
        }
    }

    private static final class Answer implements StreamReceiver<KvAnswer> {
        private final Followed of;
        private Optional<KvAnswer> answer = Optional.empty();

        Answer(Followed of) {
            this.of = of;
        }

        @Override
        public void onItem(KvAnswer item) {
            answer = Optional.of(item);
        }

        @Override
        public void onEnd(StreamEnd end) {
            answer.ifPresentOrElse(
                    it -> of.ask(of.cache.onAnswer(it)),
                    () -> {
                        LOG.debug("{} gave no answer: {}", of.cache.source(), end);
                        of.cache.onNoAnswer();
                    });
        }
    }
}
