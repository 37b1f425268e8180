package dev.stator.engine.batching;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the requests an engine has taken on and refuses more than its limits allow, at once and
/// on the caller's thread. Thread-safe.
final class AdmissionGate {
    private final BatchingConfig config;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong waitingTokens = new AtomicLong();

    AdmissionGate(BatchingConfig config) {
        this.config = config;
    }

    /// Most requests inside at the same time.
    static int requestsMax(BatchingConfig config) {
        return config.maxSequences() + config.waitingRequestsMax();
    }

    int requests() {
        return requests.get();
    }

    long waitingTokens() {
        return waitingTokens.get();
    }

    /// Lets a request in, or says which limit it met.
    Optional<EngineFailure> enter(int promptTokens) {
        if (requests.incrementAndGet() > requestsMax(config)) {
            requests.decrementAndGet();
            return overloaded(
                    "engine has its limit of %d requests (%d sequences, %d waiting)"
                            .formatted(
                                    requestsMax(config),
                                    config.maxSequences(),
                                    config.waitingRequestsMax()));
        }
        long tokens = waitingTokens.addAndGet(promptTokens);
        if (tokens > config.waitingTokensMax() && tokens > promptTokens) {
            waitingTokens.addAndGet(-promptTokens);
            requests.decrementAndGet();
            return overloaded(
                    "prompt of %d tokens exceeds the limit of %d waiting tokens, %d wait already"
                            .formatted(
                                    promptTokens,
                                    config.waitingTokensMax(),
                                    tokens - promptTokens));
        }
        return Optional.empty();
    }

    /// A request that entered no longer waits.
    void begin(int promptTokens) {
        waitingTokens.addAndGet(-promptTokens);
    }

    /// A request that entered has ended.
    void leave() {
        requests.decrementAndGet();
    }

    private Optional<EngineFailure> overloaded(String message) {
        return Optional.of(
                new EngineFailure(
                        FailureKind.OVERLOADED, message, Optional.of(config.retryAfter())));
    }
}
