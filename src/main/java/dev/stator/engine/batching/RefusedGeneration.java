package dev.stator.engine.batching;

import dev.stator.engine.Generation;

/// The handle of a request that ended before it began.
enum RefusedGeneration implements Generation {
    INSTANCE;

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void close() {}
}
