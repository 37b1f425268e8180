package dev.stator.worker;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.wire.GenerationItem;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.StreamReceiver;

import java.time.Duration;

/// Answers generation requests with an engine, until it is drained. Thread-safe.
public final class GenerateService implements RequestHandler<GenerationRequest, GenerationItem> {
    private final Engine engine;
    private final RunningRequests running = new RunningRequests();

    /// The engine stays the caller's to close.
    public GenerateService(Engine engine) {
        this.engine = engine;
    }

    @Override
    public RemoteStream open(GenerationRequest request, StreamReceiver<GenerationItem> receiver) {
        if (!running.enter()) {
            var closing = EngineFailure.of(FailureKind.UNAVAILABLE, "the worker is closing");
            return receiver.answer(new GenerationItem.Ended(new GenerationEnd.Failed(closing)));
        }
        var sink = new SendingSink(receiver, running::leave);
        try {
            return new SteeredGeneration(engine.generate(request, sink));
        } catch (RuntimeException e) {
            sink.abandon();
            throw e;
        }
    }

    /// Refuses new requests and waits for the running ones up to the limit; returns how many are
    /// left.
    public int drain(Duration limit) {
        return running.drain(limit);
    }
}
