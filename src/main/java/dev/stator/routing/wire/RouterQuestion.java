package dev.stator.routing.wire;

import dev.stator.tokens.TokenIds;

import java.util.Map;

/// What a router can be asked by other processes, Dynamo's `RouterRequest`.
public sealed interface RouterQuestion {

    /// Names the request that is meant.
    String requestId();

    /// Selects a worker and books it until `MarkFree`.
    ///
    /// @param model empty for the only one
    /// @param metadata what travels beside the question, such as its policy class
    record New(String requestId, String model, TokenIds tokens, Map<String, String> metadata)
            implements RouterQuestion {
        public New {
            metadata = Map.copyOf(metadata);
        }

        /// With nothing beside it.
        public New(String requestId, String model, TokenIds tokens) {
            this(requestId, model, tokens, Map.of());
        }
    }

    /// The prompt of a booked request is computed.
    record MarkPrefill(String requestId) implements RouterQuestion {}

    /// A booked request has ended.
    record MarkFree(String requestId) implements RouterQuestion {}

    /// What each worker would carry with this prompt; books nothing.
    ///
    /// @param model empty for the only one
    record PotentialLoads(String requestId, String model, TokenIds tokens)
            implements RouterQuestion {}

    /// How many leading blocks of this prompt each worker holds; books nothing.
    ///
    /// @param model empty for the only one
    record OverlapScores(String requestId, String model, TokenIds tokens)
            implements RouterQuestion {}
}
