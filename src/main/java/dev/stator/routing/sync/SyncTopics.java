package dev.stator.routing.sync;

import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.EventCodec;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;

import java.util.List;

/// The topics on which the routers of one endpoint's workers talk to each other.
final class SyncTopics {

    /// A name that Dynamo's routers do not listen to: they could not read statements.
    private static final String STATEMENTS = "active_sequences_statements";

    private SyncTopics() {}

    /// What was booked and given back.
    static Topic<BookingEvent> bookings(EndpointId workers) {
        return new Topic<>(
                new Subject(workers.namespace(), workers.component(), DynamoBookings.TOPIC),
                BookingEvent.class,
                new EventCodec<>(
                        new ReadableBookings(workers.namespace()), new DynamoBookings(workers)));
    }

    /// What is booked altogether.
    static Topic<BookingStatement> statements(EndpointId workers) {
        String readable = workers.namespace() + ".router.running";
        return new Topic<>(
                new Subject(workers.namespace(), workers.component(), STATEMENTS),
                BookingStatement.class,
                new EventCodec<>(
                        new StatementForm(readable, List.of(readable)),
                        new StatementForm(
                                subject(workers, STATEMENTS), patterns(workers, STATEMENTS))));
    }

    /// Where Dynamo 1.4 publishes.
    static String subject(EndpointId workers, String topic) {
        return scope(workers) + ".endpoint." + workers.endpoint() + "." + topic;
    }

    /// There, and where 1.3 and older publish.
    static List<String> patterns(EndpointId workers, String topic) {
        return List.of(subject(workers, topic), scope(workers) + "." + topic);
    }

    private static String scope(EndpointId workers) {
        return "namespace." + workers.namespace() + ".component." + workers.component();
    }
}
