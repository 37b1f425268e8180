package dev.stator.launch.indexer;

import dev.stator.platform.http.HttpLimits;
import dev.stator.platform.http.HttpServer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/// The index alone in its process.
public final class IndexerProcess implements AutoCloseable {
    /// A million token ids as JSON.
    private static final int BODY_BYTES_MAX = 8 << 20;

    private static final long BODIES_BYTES_MAX = 64L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(IndexerProcess.class);

    private final IndexRegistry registry;
    private final HttpServer server;

    private IndexerProcess(IndexRegistry registry, HttpServer server) {
        this.registry = registry;
        this.server = server;
    }

    /// Returns when it can be asked; the engines may come later.
    ///
    /// Throws `IOException` when the address is taken and `IllegalArgumentException` when the
    /// workers contradict each other.
    ///
    /// @param indexBytesMax what the index of one model and group may take
    public static IndexerProcess open(
            InetSocketAddress address, List<Registration> workers, long indexBytesMax)
            throws IOException {
        return open(address, workers, IndexerLimits.of(indexBytesMax));
    }

    static IndexerProcess open(
            InetSocketAddress address, List<Registration> workers, IndexerLimits limits)
            throws IOException {
        var metrics = new IndexerMetrics();
        var registry = new IndexRegistry(metrics, limits);
        try {
            metrics.show(registry);
            workers.forEach(registry::register);
            var server =
                    new HttpServer(
                            address,
                            new IndexerRoutes(registry, metrics).routes(),
                            IndexerRoutes::refusal,
                            HttpLimits.DEFAULT.withBodyBytes(BODY_BYTES_MAX, BODIES_BYTES_MAX));
            if (!address.getAddress().isLoopbackAddress()) {
                LOG.warn("whoever reaches {} may ask and register: keep it private", address);
            }
            return new IndexerProcess(registry, server);
        } catch (RefusedException e) {
            registry.close();
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IOException | RuntimeException | Error e) {
            registry.close();
            throw e;
        }
    }

    /// Where it is asked.
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
        registry.close();
    }
}
