package dev.stator.launch.engines;

import dev.stator.engine.cpu.kernels.WeightFormat;

import java.util.Optional;
import java.util.OptionalInt;

/// Which engine a worker runs.
public sealed interface EngineConfig {

    /// What it runs on, `cpu` or `cuda`, where that is known.
    default Optional<String> deviceType() {
        return Optional.empty();
    }

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
            implements EngineConfig {

        @Override
        public Optional<String> deviceType() {
            return Optional.of("cpu");
        }
    }

    /// Takes the time a model would take and produces tokens that clients can verify.
    ///
    /// @param speedup over the timing model; 0 for no delay at all
    /// @param maxSequences sequences of one step; 16,384 when empty
    /// @param kvBlocks per worker; 16,384 when empty
    record Simulated(double speedup, OptionalInt maxSequences, OptionalInt kvBlocks)
            implements EngineConfig {}

    /// Uses a running inference server.
    ///
    /// @param url of the server, without `/v1`
    /// @param dialect how to talk to it; empty to find out
    /// @param apiKey sent as a bearer token
    /// @param contextLength of its model; what the server says when empty
    /// @param kvBlocks it has; what the server says when empty
    record Remote(
            String url,
            Optional<String> dialect,
            Optional<String> apiKey,
            OptionalInt contextLength,
            OptionalInt kvBlocks)
            implements EngineConfig {

        /// Never shows the key.
        @Override
        public String toString() {
            return "Remote[" + url + "]";
        }
    }
}
