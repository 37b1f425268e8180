package dev.stator.runtime.requests;

/// Answers the requests of an endpoint.
@FunctionalInterface
public interface RequestHandler<Q, I> {

    /// Begins to answer and returns at once; every outcome goes to `receiver`, which may be called
    /// before this method returns.
    ///
    /// @return how the caller steers the answer
    RemoteStream open(Q request, StreamReceiver<I> receiver);
}
