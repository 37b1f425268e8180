package dev.stator.frontend.completion;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Limits the completion requests that are in the house at one time.
public final class Admission {
    private final int requestsMax;
    private final AtomicInteger admitted = new AtomicInteger();

    public Admission(int requestsMax) {
        this.requestsMax = requestsMax;
    }

    /// A place, to be given back by closing it; empty when all are taken.
    public Optional<Ticket> admit() {
        if (admitted.incrementAndGet() > requestsMax) {
            admitted.decrementAndGet();
            return Optional.empty();
        }
        return Optional.of(new Ticket());
    }

    public int admitted() {
        return admitted.get();
    }

    /// One request's place.
    public final class Ticket implements AutoCloseable {
        private final AtomicBoolean released = new AtomicBoolean();

        @Override
        public void close() {
            if (released.compareAndSet(false, true)) {
                admitted.decrementAndGet();
            }
        }
    }
}
