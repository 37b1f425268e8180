package dev.stator.launch;

import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.model.ModelReference;
import dev.stator.routing.RouterConfig;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// What `stator serve` is asked to run.
///
/// @param servedModelName what clients call the model; its own name when empty
/// @param workers engines behind the router, each with a KV cache of its own
/// @param pageSizeTokens tokens of one KV block
/// @param metricsPrefix begins every name on `/metrics`
public record ServeConfig(
        ModelReference model,
        Optional<String> servedModelName,
        int workers,
        int pageSizeTokens,
        EngineConfig engine,
        RouterConfig router,
        InetSocketAddress address,
        String metricsPrefix) {
    static final int WORKERS_MAX = 1_024;

    public ServeConfig {
        require(workers >= 1 && workers <= WORKERS_MAX, "workers", workers, "in [1, 1024]");
        require(
                pageSizeTokens >= 1 && pageSizeTokens <= 1_024,
                "page-size",
                pageSizeTokens,
                "in [1, 1024]");
        require(
                metricsPrefix.matches("[a-zA-Z_][a-zA-Z0-9_]*"),
                "metrics-prefix",
                metricsPrefix,
                "letters, digits and _");
    }

    /// Which engine the workers run.
    public sealed interface EngineConfig {

        /// Runs the model's weights on this machine's processors.
        ///
        /// @param threads per worker; an equal share of the processors when empty
        /// @param maxSequences sequences of one step; 64 when empty
        /// @param kvBlocks per worker; as the memory allows when empty
        record Cpu(
                WeightFormat format,
                OptionalInt threads,
                OptionalInt maxSequences,
                OptionalInt kvBlocks)
                implements EngineConfig {}

        /// Takes the time a model would take and produces tokens that clients can verify.
        ///
        /// @param speedup over the timing model; 0 for no delay at all
        /// @param maxSequences sequences of one step; 16,384 when empty
        /// @param kvBlocks per worker; 16,384 when empty
        record Simulated(double speedup, OptionalInt maxSequences, OptionalInt kvBlocks)
                implements EngineConfig {}
    }

    private static void require(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be " + rule + ": " + value);
        }
    }
}
