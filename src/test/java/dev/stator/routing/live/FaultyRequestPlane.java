package dev.stator.routing.live;

import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Loses, refuses and delays requests and answers while it is unhealthy.
final class FaultyRequestPlane implements RequestPlane {
    private final SplittableRandom random;
    private final MemoryRequestPlane plane = new MemoryRequestPlane();
    private final List<Runnable> delayed = new ArrayList<>();
    private boolean healthy;

    FaultyRequestPlane(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public <Q, I> Serving serve(
            Endpoint<Q, I> endpoint, long instanceId, RequestHandler<Q, I> handler) {
        return plane.serve(endpoint, instanceId, handler);
    }

    @Override
    public <Q, I> RemoteStream open(
            Endpoint<Q, I> endpoint, Instance target, Q request, StreamReceiver<I> receiver) {
        switch (healthy ? 9 : random.nextInt(10)) {
            case 0 -> {} // the request is lost and nobody notices
            case 1 -> receiver.onEnd(new StreamEnd.Failed(FailureCause.CONNECTION_LOST, "fault"));
            case 2, 3 -> delayed.add(() -> plane.open(endpoint, target, request, receiver));
            case 4, 5 -> plane.open(endpoint, target, request, delaying(receiver));
            default -> {
                return plane.open(endpoint, target, request, receiver);
            }
        }
        return new DeferredStream();
    }

    /// Lets at most `count` delayed requests and answers go on, in any order.
    void deliver(int count) {
        for (int i = 0; i < count && !delayed.isEmpty(); i++) {
            delayed.remove(random.nextInt(delayed.size())).run();
        }
    }

    /// No further fault; what is delayed still arrives.
    void heal() {
        healthy = true;
    }

    @Override
    public void close() {
        plane.close();
    }

    private <I> StreamReceiver<I> delaying(StreamReceiver<I> receiver) {
        var items = new ArrayList<I>();
        return new StreamReceiver<>() {
            @Override
            public void onItem(I item) {
                items.add(item);
            }

            @Override
            public void onEnd(StreamEnd end) {
                delayed.add(
                        () -> {
                            items.forEach(receiver::onItem);
                            receiver.onEnd(end);
                        });
            }
        };
    }
}
