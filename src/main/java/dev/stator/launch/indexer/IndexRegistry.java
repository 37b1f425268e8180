package dev.stator.launch.indexer;

import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.zmq.ZmqThread;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/// Which engines are followed, with one prefix index per model and group. Thread-safe.
///
/// An index exists as long as it follows an engine; the first one says its block size.
final class IndexRegistry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexRegistry.class);

    private final ZmqThread thread = ZmqThread.open("indexer-zmq");
    private final Follower.Surroundings surroundings;
    private final SortedMap<IndexKey, GroupIndex> groups = new ConcurrentSkipListMap<>();
    private long nextWorker; // guarded by this
    private int registrations; // guarded by this

    IndexRegistry(IndexerMetrics metrics, IndexerLimits limits) {
        this.surroundings = new Follower.Surroundings(metrics, thread, limits);
    }

    /// Which engines are meant.
    ///
    /// @param group empty for every group of the model
    /// @param rank empty for every rank of the instance
    record Selection(String model, Optional<String> group, long instance, OptionalInt rank) {
        boolean has(IndexKey key) {
            return key.model().equals(model) && group.stream().allMatch(key.group()::equals);
        }

        boolean has(EngineRank engine) {
            return engine.instance() == instance && rank.orElse(engine.rank()) == engine.rank();
        }
    }

    /// Follows an engine, also one that is not there yet. Does nothing when it does so already.
    ///
    /// Throws `RefusedException` when that contradicts what is registered, or there is no room.
    synchronized void register(Registration wanted) {
        if (registrations >= surroundings.limits().registrationsMax()) {
            throw new RefusedException(
                    503, "%d ranks are registered, no more can be".formatted(registrations));
        }
        GroupIndex group = groups.get(wanted.key());
        if (group == null) {
            group = new GroupIndex(wanted.key(), wanted.blockSizeTokens(), surroundings);
        }
        if (group.follow(wanted, new WorkerId(nextWorker))) {
            nextWorker++;
            registrations++;
            groups.put(wanted.key(), group);
            LOG.info("{} of {} is at {}", wanted.engine(), wanted.key(), wanted.endpoint());
        }
    }

    /// Forgets engines and what they hold. Returns how many ranks that were.
    synchronized int unregister(Selection selection) {
        int before = registrations;
        for (GroupIndex group : groups(selection::has)) {
            for (Follower follower : List.copyOf(group.followers())) {
                EngineRank engine = follower.registration().engine();
                if (selection.has(engine)) {
                    group.leave(engine);
                    registrations--;
                    LOG.info("{} of {} is no longer followed", engine, group.key());
                }
            }
            if (group.isEmpty()) {
                groups.remove(group.key());
            }
        }
        return before - registrations;
    }

    Optional<GroupIndex> group(IndexKey key) {
        return Optional.ofNullable(groups.get(key));
    }

    /// In the order of their names.
    List<GroupIndex> groups(Predicate<IndexKey> wanted) {
        List<GroupIndex> found = new ArrayList<>();
        for (GroupIndex group : groups.values()) {
            if (wanted.test(group.key())) {
                found.add(group);
            }
        }
        return found;
    }

    @Override
    public synchronized void close() {
        groups.values().forEach(it -> it.followers().forEach(Follower::close));
        groups.clear();
        thread.close();
    }
}
