package dev.stator.launch.planes;

import dev.stator.platform.metrics.Metrics;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// The three planes of a process, and its number among all processes.
///
/// @param instanceId under which the process registers what it serves
/// @param metrics shows what brokers carry
/// @param others what is closed after the planes, in this order
public record Planes(
        Discovery discovery,
        EventPlane events,
        RequestPlane requests,
        long instanceId,
        Consumer<Metrics> metrics,
        List<Runnable> others)
        implements AutoCloseable {

    /// For everything in one process.
    public static Planes inProcess() {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        return new Planes(
                new MemoryDiscovery(),
                new MemoryEventPlane(MemoryEventPlane.PENDING_EVENTS_MAX, threads),
                new MemoryRequestPlane(),
                0,
                _ -> {},
                List.of(threads::shutdown));
    }

    /// For one process among others.
    ///
    /// Throws `UncheckedIOException` when the registry cannot be reached or a port is taken.
    ///
    /// @param role what the process is, for the names of its connections
    public static Planes open(PlanesConfig config, String role) {
        return new PlaneOpener(config, role).open();
    }

    @Override
    public void close() {
        requests.close();
        events.close();
        discovery.close();
        others.forEach(Runnable::run);
    }
}
