package dev.stator.frontend;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.TokenSink;

/// Another engine, of which a test changes one method.
class ForwardingEngine implements Engine {
    private final Engine engine;

    ForwardingEngine(Engine engine) {
        this.engine = engine;
    }

    @Override
    public EngineInfo info() {
        return engine.info();
    }

    @Override
    public Generation generate(GenerationRequest request, TokenSink sink) {
        return engine.generate(request, sink);
    }

    @Override
    public void close() {
        engine.close();
    }
}
