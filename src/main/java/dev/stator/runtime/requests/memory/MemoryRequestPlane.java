package dev.stator.runtime.requests.memory;

import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Requests for everything that lives in one process: the handler begins on the caller's thread,
/// and its items reach the receiver on whatever thread the handler uses.
public final class MemoryRequestPlane implements RequestPlane {
    private final Map<Key, MemoryServing<?, ?>> servings = new ConcurrentHashMap<>();
    private final Set<MemoryStream<?>> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    @Override
    public <Q, I> Serving serve(
            Endpoint<Q, I> endpoint, long instanceId, RequestHandler<Q, I> handler) {
        var serving = new MemoryServing<>(new Key(endpoint.id(), instanceId), endpoint, handler);
        if (closed || servings.putIfAbsent(serving.key, serving) != null) {
            throw new IllegalStateException(
                    closed ? "request plane is closed" : "already served: " + serving.transport());
        }
        return serving;
    }

    @Override
    public <Q, I> RemoteStream open(
            Endpoint<Q, I> endpoint, Instance target, Q request, StreamReceiver<I> receiver) {
        var stream = new MemoryStream<I>(receiver, streams::remove);
        Optional<RequestHandler<Q, I>> handler = handler(endpoint, target.instanceId());
        if (handler.isEmpty()) {
            stream.onEnd(new Failed(FailureCause.NO_SUCH_INSTANCE, "nobody serves " + target));
            return stream.handle();
        }
        streams.add(stream);
        stream.start(handler.get(), request);
        if (closed) {
            stream.breakOff();
        }
        return stream.handle();
    }

    @Override
    public void close() {
        closed = true;
        servings.clear();
        streams.forEach(MemoryStream::breakOff);
    }

    @SuppressWarnings("unchecked") // equal endpoints have equal types
    private <Q, I> Optional<RequestHandler<Q, I>> handler(Endpoint<Q, I> endpoint, long id) {
        MemoryServing<?, ?> serving = servings.get(new Key(endpoint.id(), id));
        return serving != null && serving.endpoint.equals(endpoint)
                ? Optional.of((RequestHandler<Q, I>) serving.handler)
                : Optional.empty();
    }

    private record Key(EndpointId endpoint, long instanceId) {}

    private final class MemoryServing<Q, I> implements Serving {
        private final Key key;
        private final Endpoint<Q, I> endpoint;
        private final RequestHandler<Q, I> handler;

        MemoryServing(Key key, Endpoint<Q, I> endpoint, RequestHandler<Q, I> handler) {
            this.key = key;
            this.endpoint = endpoint;
            this.handler = handler;
        }

        @Override
        public Transport transport() {
            return new Transport(
                    Transport.MEMORY, "%x/%s".formatted(key.instanceId, key.endpoint.endpoint()));
        }

        @Override
        public void close() {
            servings.remove(key, this);
        }
    }
}
