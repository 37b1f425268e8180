package dev.stator.engine.remote.dialect;

import dev.stator.engine.GenerationRequest;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.Map;
import java.util.Optional;

/// How one kind of server is spoken to. Thread-safe.
public sealed interface Dialect permits VllmDialect, SglangDialect, LlamaCppDialect, TextDialect {

    /// As in the configuration.
    String name();

    /// Where generations are asked for.
    String path();

    /// What of `request` this kind of server cannot do, in words for the caller; empty when it can
    /// do it all.
    Optional<String> unsupported(GenerationRequest request);

    /// The body of the request, for a stream of events.
    ///
    /// @param wireId unique among everything this server is asked
    /// @param maxTokens at most what the request says
    JsonObject body(GenerationRequest request, String wireId, int maxTokens);

    /// Header fields of the request besides the usual ones.
    default Map<String, String> headers(GenerationRequest request) {
        return Map.of();
    }

    /// Reads the answer to one request.
    ///
    /// @param maxTokens as in its body
    AnswerReader reader(GenerationRequest request, int maxTokens);

    /// What to send besides closing the connection, so that the server stops working on a request.
    default Optional<StopCall> stop(String wireId) {
        return Optional.empty();
    }

    /// Whether a request can be given to one rank of several.
    default boolean choosesRanks() {
        return false;
    }

    /// Whether the tokens read are the very ones the server sampled, one for one.
    default boolean countsExactly() {
        return true;
    }

    /// A `POST` that ends a request.
    record StopCall(String path, JsonObject body) {}
}
