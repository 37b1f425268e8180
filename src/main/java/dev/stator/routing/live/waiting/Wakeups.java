package dev.stator.routing.live.waiting;

import java.time.Duration;

/// Runs things later, one at a time and never on the caller's thread. Thread-safe; what comes after
/// closing is dropped.
public interface Wakeups {

    /// Never runs anything: for a fleet in which nobody waits.
    Wakeups NONE =
            new Wakeups() {
                @Override
                public void soon(Runnable action) {}

                @Override
                public void after(Duration delay, Runnable action) {}
            };

    void soon(Runnable action);

    void after(Duration delay, Runnable action);
}
