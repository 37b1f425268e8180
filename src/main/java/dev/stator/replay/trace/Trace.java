package dev.stator.replay.trace;

import java.util.List;

/// Requests in the order of their arrival.
///
/// @param blockSizeTokens tokens of one block of the requests' ids
public record Trace(String name, int blockSizeTokens, List<TraceRequest> requests) {
    public Trace {
        requests = List.copyOf(requests);
        if (blockSizeTokens < 1) {
            throw new IllegalArgumentException("block size must be positive: " + blockSizeTokens);
        }
    }
}
