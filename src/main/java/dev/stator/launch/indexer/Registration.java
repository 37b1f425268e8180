package dev.stator.launch.indexer;

import dev.stator.engine.kvevents.ZmqKvEventListener.Source;
import dev.stator.platform.zmq.ZmqEndpoint;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An engine to follow.
///
/// @param endpoint where it publishes
/// @param replayEndpoint where it answers for batches that were missed
public record Registration(
        IndexKey key,
        EngineRank engine,
        int blockSizeTokens,
        ZmqEndpoint endpoint,
        Optional<ZmqEndpoint> replayEndpoint) {

    static final int BLOCK_SIZE_MAX = 65_536;

    private static final Pattern WORKER = Pattern.compile("([0-9]{1,20})(?::([0-9]{1,5}))?=(.+)");

    /// Throws `IllegalArgumentException` when the block size is out of range.
    public Registration {
        if (blockSizeTokens < 1 || blockSizeTokens > BLOCK_SIZE_MAX) {
            throw new IllegalArgumentException(
                    "block_size must be in [1, %d]: %d".formatted(BLOCK_SIZE_MAX, blockSizeTokens));
        }
    }

    /// The engine that `instance[:rank]=endpoint` names.
    ///
    /// Throws `IllegalArgumentException` when it is something else.
    public static Registration parse(String worker, IndexKey key, int blockSizeTokens) {
        Matcher matcher = WORKER.matcher(worker);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a worker must be instance[:rank]=endpoint, as in 1:0=tcp://host:5557: \""
                            + worker
                            + "\"");
        }
        String rank = matcher.group(2);
        try {
            return new Registration(
                    key,
                    new EngineRank(
                            Long.parseUnsignedLong(matcher.group(1)),
                            rank == null ? 0 : Integer.parseInt(rank)),
                    blockSizeTokens,
                    endpoint(matcher.group(3)),
                    Optional.empty());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "an instance must be an unsigned 64-bit number: \"" + worker + "\"", e);
        }
    }

    /// An address that can be connected to.
    ///
    /// Throws `IllegalArgumentException` when `uri` is none.
    static ZmqEndpoint endpoint(String uri) {
        String problem = "must be tcp://host:port with a host and a port, or ipc://path";
        ZmqEndpoint endpoint;
        try {
            endpoint = new ZmqEndpoint(uri);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(problem + ": \"" + uri + "\"", e);
        }
        boolean isReachable =
                endpoint.isTcp()
                        ? !uri.contains("*") && endpoint.port() > 0
                        : uri.startsWith("ipc://");
        if (!isReachable) {
            throw new IllegalArgumentException(problem + ": \"" + uri + "\"");
        }
        return endpoint;
    }

    Source source() {
        return new Source(endpoint, replayEndpoint, "", blockSizeTokens);
    }
}
