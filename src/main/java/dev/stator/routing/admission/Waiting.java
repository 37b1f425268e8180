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
    private final int policyClass;
    private final long number;
    private final double key;
    private final long sinceNanos; // since the queue's first request
    private final long expiresNanos; // since the queue's first request

    Waiting(T item, Applicant applicant, int policyClass, Rank rank, Span span) {
        this.item = item;
        this.applicant = applicant;
        this.policyClass = policyClass;
        this.number = rank.number;
        this.key = rank.key;
        this.sinceNanos = span.fromNanos;
        this.expiresNanos = span.toNanos;
    }

    /// When it came and when it must have left, since the queue's first request.
    record Span(long fromNanos, long toNanos) {}

    /// How it is ordered.
    ///
    /// @param number of its arrival
    /// @param key the highest goes first
    record Rank(long number, double key) {}

    public T item() {
        return item;
    }

    public Applicant applicant() {
        return applicant;
    }

    /// The place of its class in the profile.
    int policyClass() {
        return policyClass;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    long expiresNanos() {
        return expiresNanos;
    }

    long cost() {
        return applicant.cost();
    }
}
