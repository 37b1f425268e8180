package dev.stator.routing.sync;

import java.util.List;

/// What repairs lost events between routers of ours.
public sealed interface BookingStatement {

    /// Whose bookings it is about.
    RouterSession router();

    /// The router runs exactly these of its bookings with numbers in `(after, through]`.
    ///
    /// @param number of the statement, 1 for the first one of the session
    /// @param prefilling bookings whose prompt is being computed, ascending
    /// @param decoding bookings whose prompt is computed, ascending
    record Running(
            RouterSession router,
            long number,
            long after,
            long through,
            List<Long> prefilling,
            List<Long> decoding)
            implements BookingStatement {
        public Running {
            prefilling = List.copyOf(prefilling);
            decoding = List.copyOf(decoding);
            requireIn(prefilling, after, through);
            requireIn(decoding, after, through);
        }

        private static void requireIn(List<Long> bookings, long after, long through) {
            if (after < 0
                    || after > through
                    || bookings.stream().anyMatch(it -> it <= after || it > through)) {
                throw new IllegalArgumentException(
                        "bookings must be in (%d, %d]: %s".formatted(after, through, bookings));
            }
        }
    }

    /// Somebody does not know these bookings of the router.
    record Wanted(RouterSession router, List<Long> bookings) implements BookingStatement {
        public Wanted {
            bookings = List.copyOf(bookings);
        }
    }
}
