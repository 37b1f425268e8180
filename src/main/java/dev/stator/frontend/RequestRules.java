package dev.stator.frontend;

import java.time.Duration;
import java.util.Optional;

/// What holds for every completion request.
///
/// @param takesExtensions whether Dynamo's request extensions count, `nvext` and its headers
/// @param timeLimit how long one may take at most; clients may ask for less
/// @param keepAlive after how long without output a stream gets a comment; zero for never
public record RequestRules(
        boolean takesExtensions, Optional<Duration> timeLimit, Duration keepAlive) {

    public static final RequestRules DEFAULT =
            new RequestRules(true, Optional.empty(), Duration.ofSeconds(15));

    public RequestRules {
        if (timeLimit.isPresent() && !timeLimit.get().isPositive()) {
            throw new IllegalArgumentException(
                    "request-timeout-secs must be positive: " + timeLimit.get());
        }
        if (keepAlive.isNegative()) {
            throw new IllegalArgumentException(
                    "http-sse-keep-alive-interval-ms must not be negative: " + keepAlive);
        }
    }
}
