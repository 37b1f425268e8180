package dev.stator.routing.load;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.ActiveSequences.Follower;

import java.util.OptionalInt;

/// A claim on a worker, charged from the moment it is made until it is closed. Thread-safe.
public final class Booking implements AutoCloseable {
    private final ActiveSequences active;
    private final Charge charge;
    private final Follower follower;

    Booking(ActiveSequences active, Charge charge, Follower follower) {
        this.active = active;
        this.charge = charge;
        this.follower = follower;
    }

    public WorkerId worker() {
        return charge.worker.id();
    }

    /// The prompt is computed: it no longer counts as prefill. Idempotent.
    public void prefillCompleted() {
        prefillCompleted(OptionalInt.empty());
    }

    /// The prompt is computed. Idempotent.
    ///
    /// @param cachedTokens of it that the worker found in its cache, where it said so
    public void prefillCompleted(OptionalInt cachedTokens) {
        if (active.completePrefill(charge, cachedTokens)) {
            follower.prefillCompleted();
        }
    }

    /// One more token was produced; it is charged when it begins a new block. Calls follow each
    /// other.
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
