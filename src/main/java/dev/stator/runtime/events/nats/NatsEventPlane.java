package dev.stator.runtime.events.nats;

import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsSubscription;
import dev.stator.platform.nats.StreamSpec;
import dev.stator.runtime.events.EventEnvelope;
import dev.stator.runtime.events.EventForm;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// Events over NATS core: at most once, straight to whoever listens.
///
/// Events published without a connection are dropped. A subscriber hears a gap after every outage,
/// after messages that are no events, when it is too slow, and when the numbers of a publisher in
/// Dynamo's layout are not consecutive. Of durable topics the server keeps a log besides;
/// publishing does not wait for it and subscribers do not read it.
public final class NatsEventPlane implements EventPlane {
    private final NatsClient client;
    private final NatsEventConfig config;
    private final InstantSource clock;
    private final RandomGenerator random; // guarded by itself
    private final EventCounters counters = new EventCounters();
    private final Map<Topic<?>, TopicPublisher<?>> publishers = new ConcurrentHashMap<>();
    private final Set<NatsSubscription> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param client stays open when the plane is closed
    /// @param random names the publishers; used by this plane only
    public NatsEventPlane(
            NatsClient client,
            NatsEventConfig config,
            InstantSource clock,
            RandomGenerator random) {
        this.client = client;
        this.config = config;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public <E> void publish(Topic<E> topic, E event) {
        if (!closed) {
            publisher(topic).publish(event);
        }
    }

    @Override
    public <E> Subscription subscribe(Topic<E> topic, EventSubscriber<E> subscriber) {
        var reader = new TopicSubscriber<>(topic, subscriber, counters, clock);
        NatsSubscription opened = client.subscribe(reader.patterns(), config.pending(), reader);
        subscriptions.add(opened);
        if (closed) {
            opened.close();
        }
        return () -> {
            subscriptions.remove(opened);
            opened.close();
        };
    }

    public NatsEventStats stats() {
        return counters.stats();
    }

    @Override
    public void close() {
        closed = true;
        subscriptions.forEach(NatsSubscription::close);
        subscriptions.clear();
    }

    /// The name of the log of a durable topic, Dynamo's.
    public static String streamName(Subject subject) {
        return subject.toString().replace('.', '-').replace('_', '-');
    }

    @SuppressWarnings("unchecked") // equal topics have equal types
    private <E> TopicPublisher<E> publisher(Topic<E> topic) {
        return (TopicPublisher<E>) publishers.computeIfAbsent(topic, _ -> open(topic));
    }

    private <E> TopicPublisher<E> open(Topic<E> topic) {
        long publisherId;
        synchronized (random) {
            publisherId = random.nextLong(1L << EventEnvelope.PUBLISHER_ID_BITS);
        }
        return new TopicPublisher<>(
                client,
                new EventWriter<>(topic, config.layout(), publisherId, clock),
                stream(topic),
                counters);
    }

    private <E> Optional<DurableStream> stream(Topic<E> topic) {
        if (!config.durableTopics().contains(topic.subject().topic())) {
            return Optional.empty();
        }
        EventForm<E> form = topic.codec().form(config.layout());
        var spec =
                new StreamSpec(
                        streamName(topic.subject()),
                        form.patterns(),
                        config.bounds().maxAge(),
                        config.bounds().maxBytes());
        return Optional.of(new DurableStream(client, spec, clock));
    }
}
