package dev.stator.launch.cli;

import dev.stator.launch.ServeConfig;
import dev.stator.launch.cli.options.Flags;
import dev.stator.launch.cli.options.HttpOptions;
import dev.stator.launch.cli.options.ModelOptions;
import dev.stator.launch.cli.options.RouterOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The flags of `stator serve`, by Dynamo's and vLLM's names where they have one.
final class ServeOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec; // set by picocli

    @Option(
            names = "--workers",
            defaultValue = "2",
            paramLabel = "N",
            description = "Workers, each with a KV cache of its own (default: 2).")
    private int workers;

    @Mixin private final ModelOptions model = new ModelOptions();

    @Mixin private final HttpOptions http = new HttpOptions();

    @Mixin private final RouterOptions router = new RouterOptions();

    /// Throws `ParameterException` that names the flag and the value.
    ServeConfig toConfig() {
        return Flags.checked(
                spec,
                () ->
                        new ServeConfig(
                                model.toSetup(workers),
                                router.toSettings(false),
                                http.toConfig(),
                                http.metricsPrefix()));
    }

    ModelOptions model() {
        return model;
    }

    int workers() {
        return workers;
    }

    String routerMode() {
        return router.mode();
    }
}
