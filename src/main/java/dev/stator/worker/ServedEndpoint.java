package dev.stator.worker;

import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.discovery.Discovery.Announcement;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.RequestPlane.Serving;

import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// An endpoint that answers, and can be found while it is announced.
final class ServedEndpoint implements AutoCloseable {
    private final Worker.Planes planes;
    private final Serving serving;
    private Instance instance; // guarded by this
    private Optional<Announcement> announcement = Optional.empty(); // guarded by this
    private boolean closed; // guarded by this

    private ServedEndpoint(Worker.Planes planes, Serving serving, Instance instance) {
        this.planes = planes;
        this.serving = serving;
        this.instance = instance;
    }

    /// Answers first, and is announced then.
    ///
    /// @param described adds what is served there
    static <Q, I> ServedEndpoint open(
            Worker.Planes planes,
            Endpoint<Q, I> endpoint,
            long instanceId,
            RequestHandler<Q, I> handler,
            UnaryOperator<Instance> described) {
        Serving serving = planes.requests().serve(endpoint, instanceId, handler);
        var instance =
                new Instance(
                        endpoint.id(),
                        instanceId,
                        serving.transport(),
                        serving.metadata(),
                        Optional.empty());
        var opened = new ServedEndpoint(planes, serving, described.apply(instance));
        try {
            opened.announce();
        } catch (RuntimeException e) {
            serving.close();
            throw e;
        }
        return opened;
    }

    /// Can be found from now on, unless it is closed. Idempotent.
    synchronized void announce() {
        if (!closed && announcement.isEmpty()) {
            announcement = Optional.of(planes.discovery().announce(instance));
        }
    }

    /// Says what it serves besides, now and whenever it is announced again.
    synchronized void describe(Map<String, JsonObject> variants) {
        instance = instance.withVariants(variants);
        announcement.ifPresent(it -> it.update(instance));
    }

    /// Cannot be found any more, and still answers. Idempotent.
    synchronized void withdraw() {
        announcement.ifPresent(Announcement::close);
        announcement = Optional.empty();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            withdraw();
        }
        serving.close();
    }
}
