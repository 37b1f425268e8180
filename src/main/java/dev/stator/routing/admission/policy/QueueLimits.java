package dev.stator.routing.admission.policy;

import java.util.OptionalLong;

/// How much of a class may wait, for each worker there is. What comes while a limit is reached is
/// refused; what reaches it is not. Absent ones are never reached.
///
/// @param requests that wait
/// @param promptTokens of these requests
/// @param cachedTokens those of these prompts that some worker has cached
public record QueueLimits(
        OptionalLong requests, OptionalLong promptTokens, OptionalLong cachedTokens) {

    /// As much as the queue as a whole takes.
    public static final QueueLimits NONE =
            new QueueLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    public QueueLimits {
        if (requests.orElse(0) < 0 || promptTokens.orElse(0) < 0 || cachedTokens.orElse(0) < 0) {
            throw new IllegalArgumentException(
                    "queue limits must not be negative: %s, %s, %s"
                            .formatted(requests, promptTokens, cachedTokens));
        }
    }
}
