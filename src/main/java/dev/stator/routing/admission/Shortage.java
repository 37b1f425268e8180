package dev.stator.routing.admission;

import dev.stator.routing.admission.Refusal.Reason;
import dev.stator.routing.admission.policy.QueueLimits;

import java.util.OptionalLong;

/// What is missing for a request to have room in the queue: less and less as others give way.
/// Nothing is missing of what is not positive.
final class Shortage {
    private final QueueLimits limits;
    private final int workers;
    private long requests;
    private long tokens;
    private long classRequests;
    private long classTokens;
    private long classCached;
    private final Reason reason;

    /// @param requests of the queue as a whole
    /// @param tokens likewise
    /// @param limits of the request's class, each for one worker
    /// @param usage what waits of the class
    Shortage(long requests, long tokens, QueueLimits limits, ClassUsage usage, int workers) {
        this.limits = limits;
        this.workers = workers;
        this.requests = requests;
        this.tokens = tokens;
        this.classRequests = usage.requests() - most(limits.requests()) + 1;
        this.classTokens = usage.promptTokens() - most(limits.promptTokens()) + 1;
        this.classCached = usage.cachedTokens() - most(limits.cachedTokens()) + 1;
        this.reason = firstMissing();
    }

    boolean isNone() {
        return requests <= 0 && tokens <= 0 && !isOfClass();
    }

    /// Whether only others of the class can make room.
    boolean isOfClass() {
        return classRequests > 0 || classTokens > 0 || classCached > 0;
    }

    /// Somebody gives way.
    void freed(Applicant leaving, boolean isOfSameClass) {
        requests--;
        tokens -= leaving.promptTokens();
        if (isOfSameClass) {
            classRequests--;
            classTokens -= leaving.promptTokens();
            classCached -= leaving.cachedTokens();
        }
    }

    /// What was missing first of all.
    Reason reason() {
        return reason;
    }

    /// How much of the class may wait, when that is the reason.
    OptionalLong limit() {
        return switch (reason) {
            case CLASS_REQUESTS_LIMIT -> OptionalLong.of(most(limits.requests()));
            case CLASS_TOKENS_LIMIT -> OptionalLong.of(most(limits.promptTokens()));
            case CLASS_CACHED_TOKENS_LIMIT -> OptionalLong.of(most(limits.cachedTokens()));
            default -> OptionalLong.empty();
        };
    }

    private Reason firstMissing() {
        if (classRequests > 0) {
            return Reason.CLASS_REQUESTS_LIMIT;
        }
        if (classTokens > 0) {
            return Reason.CLASS_TOKENS_LIMIT;
        }
        if (classCached > 0) {
            return Reason.CLASS_CACHED_TOKENS_LIMIT;
        }
        return requests > 0 ? Reason.REQUESTS_LIMIT : Reason.TOKENS_LIMIT;
    }

    private long most(OptionalLong perWorker) {
        long each = perWorker.orElse(Long.MAX_VALUE);
        boolean isUnlimited = workers > 0 ? each > Long.MAX_VALUE / workers : perWorker.isEmpty();
        return isUnlimited ? Long.MAX_VALUE : each * workers;
    }
}
