package dev.stator.engine.remote;

import dev.stator.platform.http.client.HttpClientLimits;

import java.time.Duration;

/// How long a server may take and how much it may be asked at once.
///
/// @param requestsMax running or waiting in the server; further ones are refused as overload
/// @param retryAfter what such a refusal tells its caller
/// @param probeTimeout for one question about the server
/// @param headTimeout from a request to the status of its answer
/// @param firstTokenTimeout from there to the first token, waiting in the server's queue included
/// @param tokenGapTimeout from one token to the next
/// @param checkInterval between two health checks of a server that is up and has nothing to do
/// @param recheckInterval after a failed check, and of a server that is down
/// @param checkTimeout for the token of a check
/// @param failedChecksMax so many in a row and the server is down
/// @param eventLoops threads that read answers
public record RemoteLimits(
        int requestsMax,
        Duration retryAfter,
        Duration probeTimeout,
        Duration headTimeout,
        Duration firstTokenTimeout,
        Duration tokenGapTimeout,
        Duration checkInterval,
        Duration recheckInterval,
        Duration checkTimeout,
        int failedChecksMax,
        int eventLoops,
        HttpClientLimits http) {

    public static final RemoteLimits DEFAULT =
            new RemoteLimits(
                    1_024,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    2,
                    2,
                    HttpClientLimits.DEFAULT);

    public RemoteLimits {
        require(requestsMax, "requests-max");
        require(retryAfter.toNanos(), "retry-after");
        require(probeTimeout.toNanos(), "probe-timeout");
        require(headTimeout.toNanos(), "head-timeout");
        require(firstTokenTimeout.toNanos(), "first-token-timeout");
        require(tokenGapTimeout.toNanos(), "token-gap-timeout");
        require(checkInterval.toNanos(), "check-interval");
        require(recheckInterval.toNanos(), "recheck-interval");
        require(checkTimeout.toNanos(), "check-timeout");
        require(failedChecksMax, "failed-checks-max");
        require(eventLoops, "event-loops");
    }

    private static void require(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
