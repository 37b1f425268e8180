package dev.stator.platform.nats;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All subscriptions of a client, made anew on every connection.
final class Subscriptions implements ConnectionLoop.Listener {

    /// Received messages between the socket and the subscriptions, which take them at once.
    private static final int UNSORTED_MESSAGES_MAX = 65_536;

    private static final long UNSORTED_BYTES_MAX = 64L << 20;

    /// What each subscription is on the present connection.
    private final Map<NatsSubscription, List<Subscription>> open =
            new HashMap<>(); // guarded by this

    private @Nullable Dispatcher dispatcher; // guarded by this: of the present connection
    private long receivedByClosed; // guarded by this
    private long lostByClosed; // guarded by this

    synchronized NatsSubscription add(NatsSubscription subscription) {
        open.put(subscription, List.of());
        if (dispatcher != null) {
            attach(dispatcher, subscription);
        }
        return subscription.start();
    }

    synchronized void remove(NatsSubscription subscription) {
        List<Subscription> attached = open.remove(subscription);
        if (attached == null) {
            return;
        }
        receivedByClosed += subscription.received();
        lostByClosed += subscription.lost();
        Dispatcher present = dispatcher;
        if (present != null && present.isActive()) {
            attached.forEach(present::unsubscribe);
        }
    }

    synchronized long received() {
        return receivedByClosed
                + open.keySet().stream().mapToLong(NatsSubscription::received).sum();
    }

    synchronized long lost() {
        return lostByClosed + open.keySet().stream().mapToLong(NatsSubscription::lost).sum();
    }

    void closeAll() {
        List<NatsSubscription> all;
        synchronized (this) {
            all = List.copyOf(open.keySet());
        }
        all.forEach(NatsSubscription::close);
    }

    @Override
    public synchronized void onConnected(Connection connection) {
        Dispatcher created = connection.createDispatcher();
        created.setPendingLimits(UNSORTED_MESSAGES_MAX, UNSORTED_BYTES_MAX);
        dispatcher = created;
        for (NatsSubscription each : List.copyOf(open.keySet())) {
            each.hold();
            attach(created, each);
        }
    }

    @Override
    public synchronized void onReady() {
        open.keySet().forEach(NatsSubscription::release);
    }

    @Override
    public synchronized void onLost() {
        dispatcher = null;
    }

    @Override
    public synchronized void onOverrun() {
        open.keySet().forEach(each -> each.lose(1));
    }

    private synchronized void attach(Dispatcher to, NatsSubscription subscription) {
        List<Subscription> attached = new ArrayList<>();
        for (String pattern : subscription.patterns()) {
            attached.add(
                    to.subscribe(
                            pattern, message -> subscription.offer(pattern, received(message))));
        }
        open.put(subscription, attached);
    }

    static NatsMessage received(Message message) {
        return new NatsMessage(
                message.getSubject(), Optional.ofNullable(message.getReplyTo()), message.getData());
    }
}
