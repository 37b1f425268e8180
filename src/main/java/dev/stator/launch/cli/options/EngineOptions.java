package dev.stator.launch.cli.options;

import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.launch.engines.EngineConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.Locale;
import java.util.Optional;

/// The flags that choose and size the engine.
public final class EngineOptions {
    private static final String API_KEY_VARIABLE = "STATOR_ENGINE_API_KEY";

    private enum Kind {
        CPU,
        SIMULATED,
        REMOTE
    }

    @Option(
            names = "--engine",
            defaultValue = "cpu",
            paramLabel = "cpu|simulated|remote",
            description =
                    "cpu runs the model, simulated takes its time only, remote uses a running"
                            + " server (default: cpu).")
    private Kind kind = Kind.CPU;

    @Option(
            names = "--weight-format",
            defaultValue = "bf16",
            paramLabel = "f32|bf16|int8",
            description = "How weights are held in memory (default: bf16).")
    private WeightFormat weightFormat = WeightFormat.BF16;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Processors per worker (default: an equal share).")
    private @Nullable Integer threads;

    @Option(
            names = {"--kv-blocks", "--num-gpu-blocks-override"},
            paramLabel = "N",
            description = "KV blocks per worker (default: as an eighth of the memory allows).")
    private @Nullable Integer kvBlocks;

    @Option(
            names = "--max-num-seqs",
            paramLabel = "N",
            description = "Sequences of one step (default: 64, simulated 16384).")
    private @Nullable Integer maxSequences;

    @Option(
            names = "--speedup-ratio",
            defaultValue = "1.0",
            paramLabel = "X",
            description =
                    "Simulated engine: how much faster than the model it imitates, 0 for no"
                            + " delay (default: 1.0).")
    private double speedup;

    @Option(
            names = "--engine-url",
            paramLabel = "URL",
            description = "Remote engine: the server, as http://host:port.")
    private @Nullable String url;

    @Option(
            names = "--engine-dialect",
            paramLabel = "vllm|sglang|llama.cpp|text",
            description = "Remote engine: how to talk to it (default: find out).")
    private @Nullable String dialect;

    @Option(
            names = "--context-length",
            paramLabel = "TOKENS",
            description = "Remote engine: longest prompt plus output (default: as it says).")
    private @Nullable Integer contextLength;

    public EngineConfig toConfig() {
        requirePositive(threads, "threads");
        requirePositive(kvBlocks, "kv-blocks");
        requirePositive(maxSequences, "max-num-seqs");
        requirePositive(contextLength, "context-length");
        return switch (kind) {
            case CPU ->
                    new EngineConfig.Cpu(
                            weightFormat,
                            Flags.optional(threads),
                            Flags.optional(maxSequences),
                            Flags.optional(kvBlocks));
            case SIMULATED ->
                    new EngineConfig.Simulated(
                            speedup, Flags.optional(maxSequences), Flags.optional(kvBlocks));
            case REMOTE -> remote();
        };
    }

    private EngineConfig remote() {
        if (url == null) {
            throw new IllegalArgumentException("engine remote needs --engine-url");
        }
        return new EngineConfig.Remote(
                url,
                Optional.ofNullable(dialect),
                Optional.ofNullable(System.getenv(API_KEY_VARIABLE)),
                Flags.optional(contextLength),
                Flags.optional(kvBlocks));
    }

    public String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static void requirePositive(@Nullable Integer value, String flag) {
        if (value != null && value < 1) {
            throw new IllegalArgumentException(flag + " must be positive: " + value);
        }
    }
}
