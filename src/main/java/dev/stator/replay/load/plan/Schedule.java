package dev.stator.replay.load.plan;

import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/// Puts the requests of a source in the order in which they are due, those that waited for an
/// answer among those that wait for nobody. Reads no clock. Not thread-safe.
public final class Schedule {
    private final RequestSource source;
    private Optional<PlannedRequest> open;
    private final PriorityQueue<PlannedRequest> followers =
            new PriorityQueue<>(
                    Comparator.comparingLong(PlannedRequest::dueNanos)
                            .thenComparingLong(PlannedRequest::number));

    public Schedule(RequestSource source) {
        this.source = source;
        this.open = source.next();
    }

    /// The request that is due first; empty when there are no more, or all wait for answers.
    public Optional<PlannedRequest> first() {
        PlannedRequest follower = followers.peek();
        if (follower == null) {
            return open;
        }
        boolean openIsFirst = open.isPresent() && open.get().dueNanos() <= follower.dueNanos();
        return openIsFirst ? open : Optional.of(follower);
    }

    /// Takes what `first` says, which there must be.
    @SuppressWarnings("ReferenceEquality") // a plan is made once
    public PlannedRequest take() {
        PlannedRequest taken = first().orElseThrow();
        if (open.isPresent() && taken == open.get()) {
            open = source.next();
        } else {
            followers.remove();
        }
        return taken;
    }

    /// The answer to `request` ended.
    public void ended(PlannedRequest request, long endNanos) {
        source.after(request, endNanos).ifPresent(followers::add);
    }
}
