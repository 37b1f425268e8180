package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;

/// A claim on a worker, charged from the moment it is made until it is closed. Thread-safe.
public final class Booking implements AutoCloseable {
    private final ActiveSequences active;
    private final ActiveSequences.Charge charge;
    private final ActiveSequences.Follower follower;

    Booking(
            ActiveSequences active,
            ActiveSequences.Charge charge,
            ActiveSequences.Follower follower) {
        this.active = active;
        this.charge = charge;
        this.follower = follower;
    }

    public WorkerId worker() {
        return charge.worker();
    }

    /// The prompt is computed: it no longer counts as prefill. Idempotent.
    public void prefillCompleted() {
        if (active.completePrefill(charge)) {
            follower.prefillCompleted();
        }
    }

    /// One more token was produced; it is charged when it begins a new block.
    public void tokenProduced() {
        active.produceToken(charge);
    }

    /// Takes the whole charge back. Idempotent.
    @Override
    public void close() {
        if (active.release(charge)) {
            follower.released();
        }
    }

    @Override
    public String toString() {
        return "booking on " + worker();
    }
}
