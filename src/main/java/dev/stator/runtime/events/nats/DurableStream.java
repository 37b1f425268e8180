package dev.stator.runtime.events.nats;

import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsException;
import dev.stator.platform.nats.StreamSpec;
import dev.stator.platform.nats.StreamState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Sees to it that the server keeps a log of a topic. Used by the sending thread only.
///
/// The log is made before the first event is sent and looked for again on every new connection,
/// because a server may come back without it. A server that cannot make it is asked again after a
/// while; the events are sent meanwhile.
final class DurableStream {
    private static final Logger LOG = LoggerFactory.getLogger(DurableStream.class);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

    private final NatsClient client;
    private final StreamSpec spec;
    private final InstantSource clock;
    private final LogThrottle complaints;
    private long ensuredOn; // the number of the connection, from 1
    private long triedOn;
    private Instant retryAt = Instant.MIN;

    DurableStream(NatsClient client, StreamSpec spec, InstantSource clock) {
        this.client = client;
        this.spec = spec;
        this.clock = clock;
        this.complaints = new LogThrottle(clock);
    }

    void ensure() {
        long connection = client.stats().connects();
        boolean isTooEarly = triedOn == connection && clock.instant().isBefore(retryAt);
        if (ensuredOn == connection || isTooEarly) {
            return;
        }
        triedOn = connection;
        try {
            StreamState kept = client.streams().ensure(spec);
            ensuredOn = connection;
            LOG.info("stream {} keeps {}", kept.spec().name(), spec.subjects());
        } catch (NatsException e) {
            retryAt = clock.instant().plus(RETRY_INTERVAL);
            if (complaints.permits()) {
                LOG.warn("events are published but not kept: {}", e.getMessage());
            }
        }
    }
}
