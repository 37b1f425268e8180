package dev.stator.launch.fleet;

import dev.stator.launch.planes.Planes;
import dev.stator.runtime.discovery.Discovery.Announcement;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.RequestPlane.Serving;

import java.util.Optional;

/// An endpoint of a router: answers, and can be found.
record ServedRouter(Serving serving, Announcement announcement) implements AutoCloseable {

    static <Q, I> ServedRouter open(
            Planes planes, Endpoint<Q, I> endpoint, RequestHandler<Q, I> handler) {
        long id = planes.instanceId();
        Serving serving = planes.requests().serve(endpoint, id, handler);
        var instance =
                new Instance(
                        endpoint.id(),
                        id,
                        serving.transport(),
                        serving.metadata(),
                        Optional.empty());
        return new ServedRouter(serving, planes.discovery().announce(instance));
    }

    @Override
    public void close() {
        announcement.close();
        serving.close();
    }
}
