package dev.stator.worker;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.FailureKind;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.TokenSink;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// An engine with the adapters it has loaded. Requests for its model and for these are run; those
/// for another adapter are refused in a way that sends them to another worker. Thread-safe.
final class AdapterGate implements Engine {
    private final Engine engine;
    private final Set<String> loaded = new ConcurrentSkipListSet<>();

    AdapterGate(Engine engine, Set<String> loaded) {
        this.engine = engine;
        this.loaded.addAll(loaded);
    }

    Set<String> loaded() {
        return Set.copyOf(loaded);
    }

    /// Whether it was not loaded before.
    boolean load(String adapter) {
        return loaded.add(adapter);
    }

    /// Whether it was loaded before. Running requests go on.
    boolean unload(String adapter) {
        return loaded.remove(adapter);
    }

    @Override
    public EngineInfo info() {
        return engine.info();
    }

    @Override
    public Generation generate(GenerationRequest request, TokenSink sink) {
        String adapter = request.namespace().loraName();
        if (adapter.isEmpty() || loaded.contains(adapter)) {
            return engine.generate(request, sink);
        }
        String why = "adapter \"%s\" is not loaded here".formatted(adapter);
        sink.onEnd(new GenerationEnd.Failed(EngineFailure.of(FailureKind.UNAVAILABLE, why)));
        return Generation.ENDED;
    }

    @Override
    public void close() {
        engine.close();
    }
}
