package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;

/// A claim on a worker, charged from the moment it is made until it is closed. Thread-safe.
public final class Booking implements AutoCloseable {
    private final ActiveSequences active;
    private final ActiveSequences.Charge charge;

    Booking(ActiveSequences active, ActiveSequences.Charge charge) {
        this.active = active;
        this.charge = charge;
    }

    public WorkerId worker() {
        return charge.worker();
    }

    /// The prompt is computed: it no longer counts as prefill. Idempotent.
    public void prefillCompleted() {
        active.completePrefill(charge);
    }

    /// One more token was produced; it is charged when it begins a new block.
    public void tokenProduced() {
        active.produceToken(charge);
    }

    /// Takes the whole charge back. Idempotent.
    @Override
    public void close() {
        active.release(charge);
    }

    @Override
    public String toString() {
        return "booking on " + worker();
    }
}
