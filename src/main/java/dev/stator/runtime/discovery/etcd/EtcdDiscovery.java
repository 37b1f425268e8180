package dev.stator.runtime.discovery.etcd;

import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.DiscoveryListener;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.KnownInstances;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Discovery through etcd, in Dynamo's keys.
///
/// Once open, it outlives every loss of etcd: what was known stays known, and what was announced is
/// announced again when etcd is back, under a new lease if need be. One thread owns the connection;
/// callers hand their wishes to it and wait a limited time. Listeners hear of changes on that
/// thread, or on one of etcd's client.
public final class EtcdDiscovery implements Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdDiscovery.class);

    /// What leaves etcd in a crowd has one time to live and this to come back.
    private static final Duration GRACE_MARGIN = Duration.ofSeconds(2);

    private static final Duration SETTLE_PERIOD = Duration.ofMillis(250);
    private static final Duration OPEN_RETRY_DELAY = Duration.ofMillis(200);
    private static final Duration WAIT_LIMIT = Duration.ofSeconds(5);

    private final EtcdConfig config;
    private final KnownInstances known = new KnownInstances();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ScheduledExecutorService owner =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("etcd-discovery").factory());
    private final EtcdView view;
    private final EtcdLink link;
    private final long instanceId;

    private EtcdDiscovery(
            EtcdConfig config, Predicate<Instance> isReachable, RandomGenerator random) {
        this.config = config;
        this.view = new EtcdView(known, isReachable, config.leaseTtl().plus(GRACE_MARGIN));
        this.link = new EtcdLink(config, view, random, owner);
        try {
            this.instanceId = connect();
        } catch (UncheckedIOException e) {
            owner.shutdownNow();
            throw e;
        }
        long settleMillis = SETTLE_PERIOD.toMillis();
        var _ =
                owner.scheduleWithFixedDelay(
                        view::settle, settleMillis, settleMillis, TimeUnit.MILLISECONDS);
    }

    /// Connects, takes a lease and reads what is there.
    ///
    /// Throws `UncheckedIOException` when etcd cannot be reached within the open limit.
    ///
    /// @param isReachable whether an instance still answers although etcd lost it together with
    ///     many others; must not block. One that does is shown until it had time to come back, one
    ///     that does not is removed.
    /// @param random spreads the attempts to come back
    public static EtcdDiscovery open(
            EtcdConfig config, Predicate<Instance> isReachable, RandomGenerator random) {
        return new EtcdDiscovery(config, isReachable, random);
    }

    /// The first lease of this process: its id in the cluster, whatever lease it has later.
    public long instanceId() {
        return instanceId;
    }

    /// While etcd is away this only notes the instance, which is written when etcd is back.
    @Override
    public Announcement announce(Instance instance) {
        var registration = new Registration(instance);
        if (closed.get()) {
            throw new IllegalStateException("discovery is closed");
        }
        if (!call(() -> link.register(registration))) {
            throw new IllegalStateException("already announced: " + instance);
        }
        return new EtcdAnnouncement(registration);
    }

    @Override
    public List<Instance> instances() {
        return known.list();
    }

    @Override
    public Watch watch(DiscoveryListener listener) {
        return known.watch(listener);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        call(
                () -> {
                    link.close();
                    return true;
                });
        owner.shutdownNow();
        known.clear();
    }

    private long connect() {
        long deadline = System.nanoTime() + config.openLimit().toNanos();
        Duration delay = Duration.ZERO;
        while (true) {
            try {
                return owner.schedule(link::open, delay.toNanos(), TimeUnit.NANOSECONDS)
                        .get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                delay = OPEN_RETRY_DELAY;
                if (System.nanoTime() + delay.toNanos() > deadline) {
                    throw unreachable(e.getCause());
                }
            } catch (TimeoutException e) {
                throw unreachable(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unreachable(e);
            }
        }
    }

    private UncheckedIOException unreachable(@Nullable Throwable cause) {
        String reason = cause == null ? "" : ": " + cause.getMessage();
        return new UncheckedIOException(
                new IOException(
                        "no etcd at " + config.where() + " within " + config.openLimit() + reason,
                        cause));
    }

    /// Runs on the owner thread and waits for the result. What takes too long goes on without the
    /// caller and counts as done, as does what comes after closing.
    private boolean call(Callable<Boolean> task) {
        try {
            return owner.submit(task).get(WAIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            return true;
        } catch (TimeoutException _) {
            LOG.warn("etcd at {} takes longer than {}", config.where(), WAIT_LIMIT);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("etcd at " + config.where(), e.getCause());
        }
    }

    private final class EtcdAnnouncement implements Announcement {
        private final Registration registration;

        EtcdAnnouncement(Registration registration) {
            this.registration = registration;
        }

        @Override
        public void update(Instance instance) {
            if (!instance.key().equals(registration.key())) {
                throw new IllegalArgumentException(instance + " is not " + registration.key());
            }
            change(() -> registration.update(instance));
        }

        @Override
        public void close() {
            change(registration::withdraw);
        }

        private void change(Runnable wish) {
            call(
                    () -> {
                        wish.run();
                        link.write();
                        return true;
                    });
        }
    }
}
