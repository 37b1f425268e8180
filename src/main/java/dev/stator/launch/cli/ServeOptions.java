package dev.stator.launch.cli;

import dev.stator.launch.ServeConfig;
import dev.stator.model.ModelReference;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;

/// The flags of `stator serve`, by Dynamo's and vLLM's names where they have one.
final class ServeOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec; // set by picocli

    @Option(
            names = "--model-path",
            defaultValue = "demo",
            paramLabel = "DIR|demo|random:SHAPE",
            description =
                    "Model folder, the built-in demo, or a shape with random weights"
                            + " (default: demo).")
    private String modelPath = "demo";

    @Option(
            names = "--served-model-name",
            paramLabel = "NAME",
            description = "What clients call the model (default: its folder's name).")
    private @Nullable String servedModelName;

    @Option(
            names = "--workers",
            defaultValue = "2",
            paramLabel = "N",
            description = "Workers, each with a KV cache of its own (default: 2).")
    private int workers;

    @Option(
            names = {"--page-size", "--block-size"},
            defaultValue = "16",
            paramLabel = "TOKENS",
            description = "Tokens of one KV block (default: 16).")
    private int pageSize;

    @Option(
            names = "--http-host",
            defaultValue = "0.0.0.0",
            paramLabel = "HOST",
            description = "Address to listen on (default: 0.0.0.0).")
    private String httpHost = "0.0.0.0";

    @Option(
            names = "--http-port",
            defaultValue = "8000",
            paramLabel = "PORT",
            description = "Port to listen on, 0 for a free one (default: 8000).")
    private int httpPort;

    @Option(
            names = "--metrics-prefix",
            defaultValue = "dynamo_frontend",
            paramLabel = "PREFIX",
            description = "Begins every name on /metrics (default: dynamo_frontend).")
    private String metricsPrefix = "dynamo_frontend";

    @Mixin private final EngineOptions engine = new EngineOptions();

    @Mixin private final RouterOptions router = new RouterOptions();

    /// Throws `ParameterException` that names the flag and the value.
    ServeConfig toConfig() {
        try {
            return new ServeConfig(
                    ModelReference.parse(modelPath),
                    Optional.ofNullable(servedModelName),
                    workers,
                    pageSize,
                    engine.toConfig(),
                    router.toConfig(),
                    new InetSocketAddress(httpHost, httpPort),
                    metricsPrefix);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), e.getMessage(), e);
        }
    }

    int workers() {
        return workers;
    }

    int pageSize() {
        return pageSize;
    }

    String modelPath() {
        return modelPath;
    }

    String routerMode() {
        return router.mode();
    }

    String engineName() {
        return engine.name();
    }
}
