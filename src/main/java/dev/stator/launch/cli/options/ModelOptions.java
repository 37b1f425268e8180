package dev.stator.launch.cli.options;

import dev.stator.engine.kvevents.KvEventsConfig;
import dev.stator.launch.engines.EngineSetup;
import dev.stator.model.ModelReference;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonFieldException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The flags that say which model is run, how and by which engine.
public final class ModelOptions {

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
            names = {"--page-size", "--block-size"},
            defaultValue = "16",
            paramLabel = "TOKENS",
            description = "Tokens of one KV block (default: 16).")
    private int pageSize;

    @Option(
            names = {"--data-parallel-size", "--dp-size"},
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "Ranks of the engine, each with a KV cache of its own; of a remote engine as"
                            + " many as it was started with (default: 1).")
    private int ranks;

    @Option(
            names = "--kv-events-config",
            paramLabel = "JSON",
            description =
                    "Publish what the KV cache stores and drops, as in {\"publisher\":\"zmq\","
                            + "\"topic\":\"kv-events\",\"endpoint\":\"tcp://*:5557\"}.")
    private @Nullable String kvEvents;

    @Option(
            names = {"--lora-modules", "--lora"},
            arity = "1..*",
            paramLabel = "NAME[=PATH]",
            description =
                    "LoRA adapters that the engine has loaded, each a model of its own to clients;"
                            + " the path is the engine's concern and not read here.")
    private List<String> adapters = List.of();

    @Mixin private final EngineOptions engine = new EngineOptions();

    /// @param workers of this process
    public EngineSetup toSetup(int workers) {
        return new EngineSetup(
                ModelReference.parse(modelPath),
                Optional.ofNullable(servedModelName),
                pageSize,
                engine.toConfig(),
                workers,
                ranks,
                kvEvents(),
                adapters());
    }

    private Set<String> adapters() {
        return adapters.stream()
                .map(it -> it.split("=", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private KvEventsConfig kvEvents() {
        try {
            return kvEvents == null ? KvEventsConfig.DISABLED : KvEventsConfig.parse(kvEvents);
        } catch (JsonException | JsonFieldException e) {
            throw new IllegalArgumentException("kv-events-config: " + e.getMessage(), e);
        }
    }

    public String modelPath() {
        return modelPath;
    }

    public int pageSize() {
        return pageSize;
    }

    public String engineName() {
        return engine.name();
    }
}
