package dev.stator.runtime.requests;

import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;

import java.util.Map;

/// Carries requests to an instance and its answers back. Thread-safe; no method blocks.
public interface RequestPlane extends AutoCloseable {

    /// Answers the requests for an endpoint of this process until the serving is closed.
    ///
    /// Throws `IllegalStateException` when the same endpoint and id are served already.
    <Q, I> Serving serve(Endpoint<Q, I> endpoint, long instanceId, RequestHandler<Q, I> handler);

    /// Sends a request; every outcome goes to `receiver`, which may be called before this method
    /// returns.
    <Q, I> RemoteStream open(
            Endpoint<Q, I> endpoint, Instance target, Q request, StreamReceiver<I> receiver);

    /// Refuses new requests and breaks off what is running. Idempotent.
    @Override
    void close();

    /// An endpoint that is being served.
    interface Serving extends AutoCloseable {

        /// The address to announce.
        Transport transport();

        /// What callers must know besides, to be announced with the address.
        default Map<String, String> metadata() {
            return Map.of();
        }

        /// Refuses new requests; the running ones go on. Idempotent.
        @Override
        void close();
    }
}
