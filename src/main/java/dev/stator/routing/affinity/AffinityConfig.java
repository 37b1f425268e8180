package dev.stator.routing.affinity;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/// How firmly sessions stay with their workers.
///
/// @param ttl how long a session is remembered after its last request
public record AffinityConfig(Duration ttl, Mode mode) {

    /// The longest a session may be remembered: a year.
    public static final Duration TTL_MAX = Duration.ofDays(365);

    public AffinityConfig {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(TTL_MAX) > 0) {
            throw new IllegalArgumentException(
                    "router-session-affinity-ttl-secs must be in [1, 31536000]: "
                            + ttl.toMillis() / 1000.0);
        }
    }

    /// What a session's worker means.
    public enum Mode {
        /// The session goes there as long as it may serve and is not busy.
        HARD,
        /// What the session left there, and no index can see, counts as held.
        SOFT;

        /// Dynamo's spelling. Throws `IllegalArgumentException` for another one.
        public static Mode parse(String flag) {
            return Arrays.stream(values())
                    .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(flag))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "router-session-affinity-mode must be hard or soft: \""
                                                    + flag
                                                    + "\""));
        }
    }
}
