package dev.stator.replay.load.plan;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/// Made requests: an open loop whose starts depend on nothing but the schedule, or users who each
/// send the next request some time after their answer.
public final class MadeRequests implements RequestSource {
    private final RequestShapes shapes;
    private final Limit limit;
    private final LongSupplier arrivals;
    private final OptionalInt users;
    private final long thinkNanos;
    private long planned;

    /// When a run ends by itself.
    ///
    /// @param requests how many it sends at most
    /// @param nanos no request is due later
    /// @param run distinguishes its prompts from those of other runs
    public record Limit(long requests, long nanos, long run) {
        public Limit {
            if (requests < 1 || nanos < 1) {
                throw new IllegalArgumentException(
                        "requests and duration must be positive: " + requests + ", " + nanos);
            }
        }
    }

    private MadeRequests(
            RequestShapes shapes,
            Limit limit,
            LongSupplier arrivals,
            OptionalInt users,
            long thinkNanos) {
        this.shapes = shapes;
        this.limit = limit;
        this.arrivals = arrivals;
        this.users = users;
        this.thinkNanos = thinkNanos;
    }

    /// An open loop.
    ///
    /// @param arrivals due times, ascending
    public static MadeRequests open(RequestShapes shapes, Limit limit, LongSupplier arrivals) {
        return new MadeRequests(shapes, limit, arrivals, OptionalInt.empty(), 0);
    }

    /// A closed loop: every user begins at once and waits for each answer.
    ///
    /// @param thinkNanos from an answer to the user's next request
    public static MadeRequests closed(
            RequestShapes shapes, Limit limit, int users, long thinkNanos) {
        if (users < 1 || thinkNanos < 0) {
            throw new IllegalArgumentException(
                    "users must be positive, think time not negative: "
                            + users
                            + ", "
                            + thinkNanos);
        }
        return new MadeRequests(shapes, limit, () -> 0, OptionalInt.of(users), thinkNanos);
    }

    @Override
    public Optional<PlannedRequest> next() {
        if (users.isPresent() && planned >= users.getAsInt()) {
            return Optional.empty();
        }
        return plan(arrivals.getAsLong(), (int) (users.isPresent() ? planned : 0));
    }

    @Override
    public Optional<PlannedRequest> after(PlannedRequest ended, long endNanos) {
        return users.isPresent() ? plan(endNanos + thinkNanos, ended.user()) : Optional.empty();
    }

    private Optional<PlannedRequest> plan(long dueNanos, int user) {
        if (planned >= limit.requests() || dueNanos > limit.nanos()) {
            return Optional.empty();
        }
        long number = planned++;
        var prompt = shapes.prompt(number, limit.run());
        return Optional.of(
                new PlannedRequest(number, dueNanos, prompt, shapes.outputTokens(), user));
    }

    @Override
    public long size() {
        return limit.requests() == Long.MAX_VALUE ? 0 : limit.requests();
    }
}
