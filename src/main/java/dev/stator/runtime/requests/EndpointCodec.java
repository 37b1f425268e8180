package dev.stator.runtime.requests;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;

import java.util.Map;

/// How an endpoint's requests and answers look between processes, as trees that a plane writes as
/// JSON or as MessagePack. Implementations are immutable and equal when they mean the same.
public interface EndpointCodec<Q, I> {

    /// A name for the request that is unique among running ones; 1 to 128 printable ASCII
    /// characters. It travels beside the request.
    String requestId(Q request);

    /// Short texts by name that travel beside the request too; of most requests none.
    default Map<String, String> metadata(Q request) {
        return Map.of();
    }

    JsonValue writeRequest(Q request);

    /// Throws `JsonFieldException` or `IllegalArgumentException` when it is not such a request.
    Q readRequest(String requestId, JsonField request);

    /// The request with what came beside it; names that mean nothing are passed over.
    ///
    /// Throws `IllegalArgumentException` when something of it cannot be.
    ///
    /// @param metadata not empty
    default Q withMetadata(Q request, Map<String, String> metadata) {
        return request;
    }

    JsonValue writeItem(I item);

    /// Reads the answer to one request.
    ItemReader<I> reader(Q request);
}
