package dev.stator.launch.planes;

import dev.stator.platform.metrics.Metrics;
import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsStats;
import dev.stator.runtime.events.nats.NatsEventPlane;
import dev.stator.runtime.events.nats.NatsEventStats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/// Shows what brokers carry for this process. Nothing where there is no broker.
final class PlaneMetrics {
    private final List<NatsClient> clients;
    private final List<NatsEventPlane> planes = new ArrayList<>();

    PlaneMetrics(Collection<NatsClient> clients) {
        this.clients = List.copyOf(clients);
    }

    PlaneMetrics with(NatsEventPlane plane) {
        planes.add(plane);
        return this;
    }

    void show(Metrics metrics) {
        if (!clients.isEmpty()) {
            metrics.gauge(
                    "nats_connected",
                    "Connections to NATS that are up.",
                    () -> clients.stream().filter(NatsClient::isConnected).count());
            messages(metrics, "connects", "Times a connection came up.", NatsStats::connects);
            messages(metrics, "sent_messages", "Messages sent.", NatsStats::published);
            messages(
                    metrics,
                    "dropped_messages",
                    "Messages not sent: no connection, or no room.",
                    NatsStats::dropped);
            messages(metrics, "received_messages", "Messages received.", NatsStats::received);
            messages(
                    metrics,
                    "lost_messages",
                    "Messages received and not taken in time.",
                    NatsStats::lost);
        }
        if (!planes.isEmpty()) {
            events(metrics, "missed_events", "Events that never arrived.", NatsEventStats::missed);
            events(
                    metrics,
                    "malformed_events",
                    "Messages that were no events of their topic.",
                    NatsEventStats::malformed);
        }
    }

    private void messages(
            Metrics metrics, String name, String help, ToLongFunction<NatsStats> figure) {
        metrics.count(
                "nats_" + name + "_total",
                help,
                () -> clients.stream().mapToLong(it -> figure.applyAsLong(it.stats())).sum());
    }

    private void events(
            Metrics metrics, String name, String help, ToLongFunction<NatsEventStats> figure) {
        metrics.count(
                "nats_" + name + "_total",
                help,
                () -> planes.stream().mapToLong(it -> figure.applyAsLong(it.stats())).sum());
    }
}
