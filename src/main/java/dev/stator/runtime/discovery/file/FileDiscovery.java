package dev.stator.runtime.discovery.file;

import dev.stator.platform.codec.Json;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.DiscoveryListener;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceRecord;
import dev.stator.runtime.discovery.InstanceTable;
import dev.stator.runtime.discovery.KnownInstances;
import dev.stator.runtime.discovery.RecordFormat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Discovery for the processes that see one folder, in Dynamo's files.
///
/// One thread does all that touches the folder: it keeps this process's files alive and looks once
/// a period for what others did. What this process announces it sees at once. A folder that cannot
/// be read changes nothing. A process that ends without closing is gone after `TTL`.
public final class FileDiscovery implements Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(FileDiscovery.class);

    /// How long a file is believed that nobody touches.
    public static final Duration TTL = Duration.ofSeconds(10);

    private static final Duration TOUCH_PERIOD = TTL.dividedBy(3);
    private static final Duration POLL_PERIOD = Duration.ofMillis(500);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);

    private final Path root;
    private final InstantSource clock;
    private final KeyFiles files;
    private final KnownInstances known = new KnownInstances();
    private final ScheduledExecutorService owner =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("file-discovery").factory());

    // used by the owner thread alone
    private final InstanceTable table = new InstanceTable();
    private final Map<String, String> own = new LinkedHashMap<>();
    private Instant touchedAt = Instant.MIN;
    private boolean isFailing;

    private FileDiscovery(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
        this.files = new KeyFiles(root, TTL, new SecureRandom());
    }

    /// Uses the folder, which is made when somebody announces something.
    public static FileDiscovery open(Path root) {
        return open(root, InstantSource.system(), POLL_PERIOD);
    }

    static FileDiscovery open(Path root, InstantSource clock, Duration pollPeriod) {
        var discovery = new FileDiscovery(root, clock);
        discovery.call(
                () -> {
                    discovery.poll();
                    return true;
                });
        var _ =
                discovery.owner.scheduleWithFixedDelay(
                        discovery::poll,
                        pollPeriod.toMillis(),
                        pollPeriod.toMillis(),
                        TimeUnit.MILLISECONDS);
        return discovery;
    }

    @Override
    public Announcement announce(Instance instance) {
        if (!call(() -> create(instance))) {
            throw new IllegalStateException("already announced: " + instance);
        }
        return new FileAnnouncement(instance);
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
        if (owner.isShutdown()) {
            return;
        }
        try {
            call(() -> delete(List.copyOf(own.keySet()).reversed()));
        } catch (IllegalStateException e) {
            LOG.warn("what this process announced will be stale in {}: {}", TTL, e.getMessage());
        }
        owner.shutdownNow();
        known.clear();
    }

    private boolean create(Instance instance) throws IOException {
        List<String> created = new ArrayList<>();
        for (InstanceRecord record : InstanceRecord.of(instance)) {
            String key = RecordFormat.key(record);
            String value = Json.write(RecordFormat.write(record));
            if (!files.create(key, value, clock.instant())) {
                delete(created.reversed());
                return false;
            }
            own.put(key, value);
            created.add(key);
        }
        look();
        return true;
    }

    private boolean replace(Instance before, Instance now) throws IOException {
        for (InstanceRecord record : InstanceRecord.of(now)) {
            String key = RecordFormat.key(record);
            String value = Json.write(RecordFormat.write(record));
            if (!value.equals(own.put(key, value))) {
                files.replace(key, value, clock.instant());
            }
        }
        return delete(
                keys(before).reversed().stream().filter(key -> !keys(now).contains(key)).toList());
    }

    private boolean delete(List<String> keys) throws IOException {
        for (String key : keys) {
            own.remove(key);
            files.delete(key);
        }
        look();
        return true;
    }

    private static List<String> keys(Instance instance) {
        return InstanceRecord.of(instance).stream().map(RecordFormat::key).toList();
    }

    private void poll() {
        try {
            touch();
            look();
            isFailing = false;
        } catch (IOException | RuntimeException e) {
            if (!isFailing) {
                LOG.warn("discovery folder {} cannot be used: {}", root, e.toString());
            }
            isFailing = true;
        }
    }

    private void touch() throws IOException {
        Instant now = clock.instant();
        if (now.isBefore(touchedAt.plus(TOUCH_PERIOD))) {
            return;
        }
        for (Map.Entry<String, String> it : own.entrySet()) {
            if (!files.touch(it.getKey(), now)) {
                LOG.info("writing {} again, which was taken for stale", it.getKey());
                files.replace(it.getKey(), it.getValue(), now);
            }
        }
        touchedAt = now;
    }

    private void look() throws IOException {
        Map<String, String> found = files.read(RecordFormat.BUCKETS, clock.instant());
        for (Instance.Key key : table.replaceAll(found)) {
            table.get(key).ifPresentOrElse(known::put, () -> known.remove(key));
        }
    }

    /// Runs on the owner thread, and waits for the result.
    private boolean call(Callable<Boolean> task) {
        try {
            return owner.submit(task).get(CALL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("discovery is closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while using " + root, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("discovery folder " + root + " cannot be used", e);
        }
    }

    private final class FileAnnouncement implements Announcement {
        private Instance current; // used by the owner thread alone once it is announced
        private boolean withdrawn; // the same

        FileAnnouncement(Instance instance) {
            this.current = instance;
        }

        @Override
        public void update(Instance instance) {
            if (!instance.key().equals(current.key())) {
                throw new IllegalArgumentException(instance + " is not " + current);
            }
            if (owner.isShutdown()) {
                return;
            }
            call(
                    () -> {
                        Instance before = current;
                        current = withdrawn ? before : instance;
                        return withdrawn || replace(before, instance);
                    });
        }

        @Override
        public void close() {
            if (owner.isShutdown()) {
                return;
            }
            call(
                    () -> {
                        boolean isFirst = !withdrawn;
                        withdrawn = true;
                        return !isFirst || delete(keys(current).reversed());
                    });
        }
    }
}
