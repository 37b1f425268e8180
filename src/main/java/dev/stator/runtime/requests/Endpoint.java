package dev.stator.runtime.requests;

import dev.stator.runtime.discovery.EndpointId;

/// An endpoint with the types of its request and of the items of its answer, all immutable, and
/// how they look between processes.
public record Endpoint<Q, I>(
        EndpointId id, Class<Q> request, Class<I> item, EndpointCodec<Q, I> codec) {}
