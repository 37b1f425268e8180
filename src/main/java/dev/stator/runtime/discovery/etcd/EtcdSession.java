package dev.stator.runtime.discovery.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchEvent.EventType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/// One connection to etcd, used until its first failure. Thread-safe; every call is bounded.
///
/// jetcd's own recoveries are not used: its keep-alive ends for good when a server restarts, its
/// watch may resume past changes that it never reported, and its channel waits for up to two
/// minutes before it looks for a server that is back. A new session has none of these troubles.
final class EtcdSession implements AutoCloseable {

    /// A list of this many bytes holds some ten thousand instances.
    private static final int MESSAGE_BYTES_MAX = 64 << 20;

    private static final Duration PING_PERIOD = Duration.ofSeconds(10);
    private static final Duration PING_LIMIT = Duration.ofSeconds(5);

    /// gRPC logs through the JDK, and warns of what its callers report. Held, because a logger
    /// that nobody holds forgets its level.
    private static final Logger GRPC_LOG = Logger.getLogger("io.grpc");

    static {
        GRPC_LOG.setLevel(Level.SEVERE);
    }

    private final Client client;
    private final Duration callLimit;

    /// All keys below a prefix at one revision of the store.
    record Listing(Map<String, String> values, long revision) {}

    /// A change of one key; the value is empty when it was deleted.
    record Event(String key, Optional<String> value, long revision) {}

    /// Hears what a watch has to say, on threads of etcd's client.
    interface Watcher {

        /// Changes in their order.
        void onEvents(List<Event> events);

        /// The watch is over, perhaps with some changes missed. May be called more than once.
        void onEnd(Throwable cause);
    }

    EtcdSession(EtcdConfig config, Duration callLimit) {
        this.callLimit = callLimit;
        ClientBuilder builder = Client.builder();
        config.user()
                .ifPresent(it -> builder.user(bytes(it.name())).password(bytes(it.password())));
        this.client =
                builder.endpoints(config.endpoints())
                        .waitForReady(false)
                        .retryMaxAttempts(0)
                        .connectTimeout(callLimit)
                        .keepaliveTime(PING_PERIOD)
                        .keepaliveTimeout(PING_LIMIT)
                        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                        .build();
    }

    /// A new lease.
    long grant(Duration ttl) throws EtcdFailure {
        return await(client.getLeaseClient().grant(ttl.toSeconds())).getID();
    }

    /// Makes the lease last for its whole time to live again.
    void keepAlive(long lease) throws EtcdFailure {
        await(client.getLeaseClient().keepAliveOnce(lease));
    }

    /// Ends the lease, and with it all its keys.
    void revoke(long lease) throws EtcdFailure {
        await(client.getLeaseClient().revoke(lease));
    }

    /// Writes values, all or none, under keys that nobody has, or that one of `ours` has.
    ///
    /// @return false when another lease has one of the keys
    boolean create(Map<String, String> values, long lease, Set<Long> ours) throws EtcdFailure {
        TxnResponse answer =
                await(
                        client.getKVClient()
                                .txn()
                                .If(
                                        values.keySet().stream()
                                                .map(EtcdSession::isAbsent)
                                                .toArray(Cmp[]::new))
                                .Then(puts(values, lease))
                                .Else(
                                        values.keySet().stream()
                                                .map(it -> Op.get(bytes(it), GetOption.DEFAULT))
                                                .toArray(Op[]::new))
                                .commit());
        if (answer.isSucceeded()) {
            return true;
        }
        boolean areOurs =
                answer.getGetResponses().stream()
                        .flatMap(it -> it.getKvs().stream())
                        .allMatch(it -> ours.contains(it.getLease()));
        if (areOurs) {
            put(values, lease);
        }
        return areOurs;
    }

    /// Writes values, all or none.
    void put(Map<String, String> values, long lease) throws EtcdFailure {
        await(client.getKVClient().txn().Then(puts(values, lease)).commit());
    }

    /// Deletes keys, all or none.
    void delete(Collection<String> keys) throws EtcdFailure {
        Op[] deletes =
                keys.stream()
                        .map(it -> Op.delete(bytes(it), DeleteOption.DEFAULT))
                        .toArray(Op[]::new);
        await(client.getKVClient().txn().Then(deletes).commit());
    }

    Listing list(String prefix) throws EtcdFailure {
        GetResponse answer =
                await(
                        client.getKVClient()
                                .get(bytes(prefix), GetOption.builder().isPrefix(true).build()));
        Map<String, String> values = new HashMap<>();
        for (KeyValue it : answer.getKvs()) {
            values.put(text(it.getKey()), text(it.getValue()));
        }
        return new Listing(values, answer.getHeader().getRevision());
    }

    /// Reports every change from a revision on, until the session is closed.
    void watch(String prefix, long revision, Watcher watcher) {
        WatchOption option =
                WatchOption.builder()
                        .isPrefix(true)
                        .withRevision(revision)
                        .withRequireLeader(true)
                        .build();
        client.getWatchClient()
                .watch(
                        bytes(prefix),
                        option,
                        Watch.listener(
                                response ->
                                        watcher.onEvents(
                                                response.getEvents().stream()
                                                        .map(EtcdSession::event)
                                                        .toList()),
                                watcher::onEnd,
                                () -> watcher.onEnd(new IOException("the watch ended"))));
    }

    @Override
    public void close() {
        client.close();
    }

    private static Cmp isAbsent(String key) {
        return new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.createRevision(0));
    }

    private static Op[] puts(Map<String, String> values, long lease) {
        PutOption option = PutOption.builder().withLeaseId(lease).build();
        return values.entrySet().stream()
                .map(it -> Op.put(bytes(it.getKey()), bytes(it.getValue()), option))
                .toArray(Op[]::new);
    }

    private static Event event(WatchEvent event) {
        KeyValue it = event.getKeyValue();
        return new Event(
                text(it.getKey()),
                event.getEventType() == EventType.PUT
                        ? Optional.of(text(it.getValue()))
                        : Optional.empty(),
                it.getModRevision());
    }

    private <T> T await(CompletableFuture<T> answer) throws EtcdFailure {
        try {
            return answer.get(callLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new EtcdFailure("no answer within " + callLimit, false, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EtcdFailure("interrupted", false, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            boolean isLeaseLost =
                    cause instanceof EtcdException it && it.getErrorCode() == ErrorCode.NOT_FOUND;
            throw new EtcdFailure(String.valueOf(cause.getMessage()), isLeaseLost, cause);
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
