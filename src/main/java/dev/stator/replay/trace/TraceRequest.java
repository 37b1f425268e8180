package dev.stator.replay.trace;

import java.util.Optional;

/// One request of a trace.
///
/// @param arrivalNanos since the trace began
/// @param inputTokens length of the prompt
/// @param outputTokens length of the answer
/// @param blocks of the prompt; the last one may be a part of a block
/// @param turn which turn of which session it is, if the trace knows
public record TraceRequest(
        long arrivalNanos,
        int inputTokens,
        int outputTokens,
        BlockIds blocks,
        Optional<Turn> turn) {
    public TraceRequest {
        if (arrivalNanos < 0 || inputTokens < 1 || outputTokens < 0) {
            throw new IllegalArgumentException(
                    "a request must arrive at 0 or later with at least one token: arrives at %d ns,"
                                    .formatted(arrivalNanos)
                            + " %d tokens in, %d out".formatted(inputTokens, outputTokens));
        }
    }

    /// Of another arrival.
    public TraceRequest at(long newArrivalNanos) {
        return new TraceRequest(newArrivalNanos, inputTokens, outputTokens, blocks, turn);
    }

    /// A step of a session: it cannot begin before the step before has been answered.
    ///
    /// @param number 0 for the first of the session
    /// @param thinkNanos that the client lets pass after the answer to the step before
    /// @param parent the session that began this one, if one did
    public record Turn(String session, int number, long thinkNanos, Optional<String> parent) {}
}
