package dev.stator.runtime.events.nats;

import dev.stator.platform.nats.PendingLimits;
import dev.stator.runtime.events.EventLayout;

import java.time.Duration;
import java.util.Set;

/// How events travel over NATS.
///
/// @param layout of what is published
/// @param durableTopics topics, such as `kv-events`, of which the server keeps a log for people and
///     tools to read; nothing depends on it
/// @param bounds of each of these logs
/// @param pending what may wait for a slow subscriber
public record NatsEventConfig(
        EventLayout layout, Set<String> durableTopics, StreamBounds bounds, PendingLimits pending) {

    /// Room for a burst of several large evictions.
    public static final PendingLimits PENDING = new PendingLimits(65_536, 64L << 20);

    /// Readable, nothing kept.
    public static final NatsEventConfig DEFAULT =
            new NatsEventConfig(EventLayout.READABLE, Set.of(), StreamBounds.DEFAULT, PENDING);

    public NatsEventConfig {
        durableTopics = Set.copyOf(durableTopics);
    }

    /// The same in another layout.
    public NatsEventConfig withLayout(EventLayout other) {
        return new NatsEventConfig(other, durableTopics, bounds, pending);
    }

    /// The same with a log of these topics.
    public NatsEventConfig withDurableTopics(Set<String> topics) {
        return new NatsEventConfig(layout, topics, bounds, pending);
    }

    /// What a log may hold; the oldest events go first.
    public record StreamBounds(Duration maxAge, long maxBytes) {

        /// A day, a quarter of a gibibyte: some hundred thousand events.
        public static final StreamBounds DEFAULT = new StreamBounds(Duration.ofDays(1), 256L << 20);

        public StreamBounds {
            if (!maxAge.isPositive() || maxBytes < 1) {
                throw new IllegalArgumentException(
                        "stream bounds must be positive: %s, %d bytes".formatted(maxAge, maxBytes));
            }
        }
    }
}
