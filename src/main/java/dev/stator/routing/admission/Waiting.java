package dev.stator.routing.admission;

import java.util.Comparator;

/// A place in the queue.
///
/// @param <T> what callers keep in the queue
public final class Waiting<T> {
    /// Who goes first among one tenant's requests of one tier.
    static final Comparator<Waiting<?>> ORDER =
            Comparator.<Waiting<?>>comparingDouble(it -> -it.key)
                    .thenComparingLong(it -> it.number);

    /// Whose time is up first.
    static final Comparator<Waiting<?>> BY_EXPIRY =
            Comparator.<Waiting<?>>comparingLong(it -> it.expiresNanos)
                    .thenComparingLong(it -> it.number);

    private final T item;
    private final Applicant applicant;
    private final long number;
    private final double key;
    private final long sinceNanos; // since the queue's first request
    private final long expiresNanos; // since the queue's first request

    Waiting(T item, Applicant applicant, long number, double key, Span span) {
        this.item = item;
        this.applicant = applicant;
        this.number = number;
        this.key = key;
        this.sinceNanos = span.fromNanos;
        this.expiresNanos = span.toNanos;
    }

    /// When it came and when it must have left, since the queue's first request.
    record Span(long fromNanos, long toNanos) {}

    public T item() {
        return item;
    }

    public Applicant applicant() {
        return applicant;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    long expiresNanos() {
        return expiresNanos;
    }

    long cost() {
        return applicant.uncachedTokens();
    }
}
