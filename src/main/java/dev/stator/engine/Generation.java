package dev.stator.engine;

/// The caller's handle on one running generation. Thread-safe; every method returns at once.
public interface Generation extends AutoCloseable {

    /// One that ended before there was anything to steer.
    Generation ENDED =
            new Generation() {
                @Override
                public void pause() {}

                @Override
                public void resume() {}

                @Override
                public void close() {}
            };

    /// Asks the engine to produce no further tokens for now; a few may still arrive.
    void pause();

    /// Lets a paused generation go on.
    void resume();

    /// Cancels. The sink still gets its one `onEnd`. Idempotent, and without effect after the end.
    @Override
    void close();
}
