package dev.stator.routing.sync;

/// What a `BookingSync` has done since it was opened, and what it holds.
///
/// @param published messages to the other routers
/// @param dropped messages that found the outbox full
public record SyncStats(long published, long dropped, Foreign foreign) {

    /// What came from others.
    ///
    /// @param sessions of other routers that are followed
    /// @param held bookings of theirs that are charged now
    /// @param applied events that were news
    /// @param ignored events that were not, those of this router included
    /// @param wanted bookings that had to be asked for
    /// @param expired bookings that were given back because nobody spoke of them any more
    public record Foreign(
            int sessions, int held, long applied, long ignored, long wanted, long expired) {}
}
