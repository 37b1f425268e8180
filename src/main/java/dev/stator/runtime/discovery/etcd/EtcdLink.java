package dev.stator.runtime.discovery.etcd;

import dev.stator.runtime.discovery.RecordFormat;
import dev.stator.runtime.discovery.etcd.EtcdSession.Event;
import dev.stator.runtime.discovery.etcd.EtcdSession.Listing;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Keeps this process connected to etcd: its lease alive, what it announces written, and the view
/// up to date. Every method is called on the owner thread.
///
/// Whatever fails ends the session, and the next beat opens another. A fresh session begins with
/// the lease, then writes what etcd should have, then reads everything, then watches.
final class EtcdLink {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdLink.class);

    /// A lease is kept alive this many times in its time to live.
    private static final int BEATS_PER_TTL = 3;

    private static final Duration CALL_LIMIT_MIN = Duration.ofSeconds(1);
    /// Between attempts to come back at first; it doubles up to the time between two beats, and a
    /// random part of the same size is added.
    private static final Duration RETRY_DELAY_MIN = Duration.ofMillis(100);

    private final EtcdConfig config;
    private final EtcdView view;
    private final RandomGenerator random;
    private final ScheduledExecutorService owner;
    private final Registrations registrations;
    private final Duration beatPeriod;
    private final Duration callLimit;
    private Optional<EtcdSession> session = Optional.empty();
    private Duration retryDelay = RETRY_DELAY_MIN;
    private @Nullable Future<?> nextBeat;

    EtcdLink(
            EtcdConfig config,
            EtcdView view,
            RandomGenerator random,
            ScheduledExecutorService owner) {
        this.config = config;
        this.view = view;
        this.random = random;
        this.owner = owner;
        this.registrations = new Registrations(config.leaseTtl());
        this.beatPeriod = config.leaseTtl().dividedBy(BEATS_PER_TTL);
        this.callLimit = beatPeriod.compareTo(CALL_LIMIT_MIN) > 0 ? beatPeriod : CALL_LIMIT_MIN;
    }

    /// Connects for the first time and begins to beat; returns the lease.
    long open() throws EtcdFailure {
        connect();
        LOG.info("etcd at {}, lease {}", config.where(), Long.toHexString(registrations.lease()));
        scheduleBeat(beatPeriod);
        return registrations.lease();
    }

    /// Writes an instance; returns false when somebody announces it already. What cannot be
    /// written now is written by a later beat.
    boolean register(Registration registration) {
        if (!registrations.add(registration)) {
            return false;
        }
        write();
        if (registration.isContested()) {
            registrations.drop(registration);
        }
        return !registration.isContested();
    }

    /// Writes what has changed, now or by a later beat.
    void write() {
        try {
            if (session.isPresent()) {
                registrations.write(session.get());
            }
        } catch (EtcdFailure | RuntimeException e) {
            lose(e);
        }
    }

    /// Withdraws everything and ends the session.
    void close() {
        view.detach();
        try {
            if (session.isPresent()) {
                registrations.withdrawAll(session.get());
            }
        } catch (EtcdFailure | RuntimeException e) {
            LOG.warn(
                    "etcd at {} forgets this process only after {}: {}",
                    config.where(),
                    config.leaseTtl(),
                    e.getMessage());
        } finally {
            session.ifPresent(EtcdSession::close);
            session = Optional.empty();
        }
    }

    private void beat() {
        try {
            if (session.isPresent()) {
                session.get().keepAlive(registrations.lease());
                registrations.write(session.get());
            } else {
                connect();
                LOG.info("etcd at {} is back", config.where());
            }
            retryDelay = RETRY_DELAY_MIN;
            scheduleBeat(beatPeriod);
        } catch (EtcdFailure | RuntimeException e) {
            lose(e);
        }
    }

    private void connect() throws EtcdFailure {
        var fresh = new EtcdSession(config, callLimit);
        try {
            registrations.keepLease(fresh);
            registrations.write(fresh);
            follow(fresh);
            session = Optional.of(fresh);
        } finally {
            if (session.isEmpty()) {
                fresh.close();
            }
        }
    }

    private void follow(EtcdSession fresh) throws EtcdFailure {
        Listing listing = fresh.list(RecordFormat.PREFIX);
        int list = view.replaceAll(listing);
        fresh.watch(
                RecordFormat.PREFIX,
                listing.revision() + 1,
                new EtcdSession.Watcher() {
                    @Override
                    public void onEvents(List<Event> events) {
                        view.apply(list, events);
                    }

                    @Override
                    public void onEnd(Throwable cause) {
                        watchEnded(fresh, cause);
                    }
                });
    }

    /// Called on any thread.
    private void watchEnded(EtcdSession ended, Throwable cause) {
        try {
            owner.execute(
                    () -> {
                        if (session.filter(it -> it == ended).isPresent()) {
                            lose(cause);
                        }
                    });
        } catch (RejectedExecutionException _) {
            LOG.debug("the watch ended after closing");
        }
    }

    private void lose(Throwable cause) {
        if (session.isPresent()) {
            LOG.warn(
                    "lost etcd at {}, going on with what is known: {}",
                    config.where(),
                    cause.getMessage());
            session.get().close();
            session = Optional.empty();
        }
        scheduleBeat(retryDelay.plusMillis(random.nextLong(retryDelay.toMillis())));
        Duration doubled = retryDelay.multipliedBy(2);
        retryDelay = doubled.compareTo(beatPeriod) < 0 ? doubled : beatPeriod;
    }

    private void scheduleBeat(Duration delay) {
        if (nextBeat != null) {
            nextBeat.cancel(false);
        }
        if (!owner.isShutdown()) {
            nextBeat = owner.schedule(this::beat, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
