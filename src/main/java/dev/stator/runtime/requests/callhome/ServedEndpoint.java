package dev.stator.runtime.requests.callhome;

import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RequestHandler;

/// An endpoint and who answers for it.
public record ServedEndpoint<Q, I>(Endpoint<Q, I> endpoint, RequestHandler<Q, I> handler) {}
