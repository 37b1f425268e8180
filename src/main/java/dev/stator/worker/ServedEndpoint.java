package dev.stator.worker;

import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.discovery.Discovery.Announcement;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.RequestPlane.Serving;

import java.util.Optional;

/// An endpoint that answers and can be found, in this order.
record ServedEndpoint(Serving serving, Announcement announcement) implements AutoCloseable {

    static <Q, I> ServedEndpoint open(
            Worker.Planes planes,
            Endpoint<Q, I> endpoint,
            long instanceId,
            RequestHandler<Q, I> handler,
            Optional<JsonObject> card) {
        Serving serving = planes.requests().serve(endpoint, instanceId, handler);
        var instance =
                new Instance(
                        endpoint.id(), instanceId, serving.transport(), serving.metadata(), card);
        try {
            return new ServedEndpoint(serving, planes.discovery().announce(instance));
        } catch (RuntimeException e) {
            serving.close();
            throw e;
        }
    }

    /// Cannot be found any more, and still answers.
    void withdraw() {
        announcement.close();
    }

    @Override
    public void close() {
        announcement.close();
        serving.close();
    }
}
