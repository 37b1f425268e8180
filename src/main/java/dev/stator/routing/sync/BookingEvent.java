package dev.stator.routing.sync;

import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.SequenceHash;

import java.util.List;
import java.util.Optional;

/// What one router did to one of its bookings; Dynamo's `ActiveSequenceEvent`.
///
/// @param booking its number, 1 for the first one of the session; 0 in a session that is not ours
/// @param requestId unique among the router's running requests
/// @param adapter of the model that the request is for; absent for the model itself
public record BookingEvent(
        RouterSession router,
        long booking,
        String requestId,
        WorkerId worker,
        Optional<String> adapter,
        Change change) {

    /// Of a request for the model itself.
    public BookingEvent(
            RouterSession router, long booking, String requestId, WorkerId worker, Change change) {
        this(router, booking, requestId, worker, Optional.empty(), change);
    }

    /// What happened to it.
    public sealed interface Change {

        /// The worker was charged.
        ///
        /// @param blocks of the prompt
        /// @param prefillTokens of the prompt that the worker has yet to compute
        record Booked(List<SequenceHash> blocks, long prefillTokens) implements Change {
            public Booked {
                blocks = List.copyOf(blocks);
                if (prefillTokens < 0) {
                    throw new IllegalArgumentException(
                            "prefillTokens must not be negative: " + prefillTokens);
                }
            }
        }

        /// The worker has computed the prompt.
        record PrefillCompleted() implements Change {}

        /// The request has ended.
        record Released() implements Change {}
    }
}
