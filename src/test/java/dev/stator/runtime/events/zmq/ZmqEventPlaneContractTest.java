package dev.stator.runtime.events.zmq;

import dev.stator.platform.zmq.ZmqThread;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventPlaneContract;

import org.junit.jupiter.api.AfterEach;

import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;

class ZmqEventPlaneContractTest extends EventPlaneContract {
    private final MemoryDiscovery discovery = new MemoryDiscovery();
    private final ZmqThread thread = ZmqThread.open("zmq-plane-test");

    @AfterEach
    void closeWorld() {
        thread.close();
        discovery.close();
    }

    @Override
    protected EventPlane newPlane() {
        var world =
                new ZmqEventPlane.World(
                        thread,
                        discovery,
                        Thread::startVirtualThread,
                        InstantSource.system(),
                        new SplittableRandom(1));
        return new ProbingPlane(
                new ZmqEventPlane(
                        world,
                        new ZmqEventConfig(
                                1, "127.0.0.1", "127.0.0.1", PENDING_EVENTS_MAX, Duration.ZERO)));
    }
}
