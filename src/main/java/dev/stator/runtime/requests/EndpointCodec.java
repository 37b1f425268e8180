package dev.stator.runtime.requests;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;

/// How an endpoint's requests and answers look between processes, as trees that a plane writes as
/// JSON or as MessagePack. Implementations are immutable and equal when they mean the same.
public interface EndpointCodec<Q, I> {

    /// A name for the request that is unique among running ones; 1 to 128 printable ASCII
    /// characters. It travels beside the request.
    String requestId(Q request);

    JsonValue writeRequest(Q request);

    /// Throws `JsonFieldException` or `IllegalArgumentException` when it is not such a request.
    Q readRequest(String requestId, JsonField request);

    JsonValue writeItem(I item);

    /// Reads the answer to one request.
    ItemReader<I> reader(Q request);
}
