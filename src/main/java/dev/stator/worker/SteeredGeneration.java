package dev.stator.worker;

import dev.stator.engine.Generation;
import dev.stator.runtime.requests.RemoteStream;

/// A generation as the stream that a caller steers.
record SteeredGeneration(Generation generation) implements RemoteStream {

    @Override
    public void pause() {
        generation.pause();
    }

    @Override
    public void resume() {
        generation.resume();
    }

    @Override
    public void close() {
        generation.close();
    }
}
