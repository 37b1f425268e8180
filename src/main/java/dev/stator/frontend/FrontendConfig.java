package dev.stator.frontend;

import dev.stator.platform.http.HttpLimits;

import java.net.InetSocketAddress;
import java.time.Duration;

/// How a frontend is set up.
///
/// @param address where it listens; port 0 takes a free one
/// @param concurrentRequestsMax further completion requests are answered 429
/// @param rules what holds for every completion request
/// @param drainTimeout how long requests in flight may go on after `close`
/// @param isAdministered whether what holds can be changed over HTTP
public record FrontendConfig(
        InetSocketAddress address,
        int concurrentRequestsMax,
        RequestRules rules,
        Duration drainTimeout,
        HttpLimits http,
        boolean isAdministered) {

    public FrontendConfig {
        if (concurrentRequestsMax < 1 || drainTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "concurrent-requests-max must be positive, drain-timeout not negative: %d, %s"
                            .formatted(concurrentRequestsMax, drainTimeout));
        }
    }

    /// The same with other rules.
    public FrontendConfig withRules(RequestRules newRules) {
        return new FrontendConfig(
                address, concurrentRequestsMax, newRules, drainTimeout, http, isAdministered);
    }

    /// The same, changeable over HTTP or not.
    public FrontendConfig withAdministered(boolean isNow) {
        return new FrontendConfig(address, concurrentRequestsMax, rules, drainTimeout, http, isNow);
    }

    /// The usual limits.
    public static FrontendConfig on(InetSocketAddress address) {
        return new FrontendConfig(
                address,
                16_384,
                RequestRules.DEFAULT,
                Duration.ofSeconds(30),
                HttpLimits.DEFAULT,
                true);
    }
}
