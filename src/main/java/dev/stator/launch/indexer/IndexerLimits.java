package dev.stator.launch.indexer;

import java.time.Duration;

/// What the service may take.
///
/// @param registrationsMax ranks followed; each has a socket, and another one while it asks for
///     what it missed
/// @param indexBytesMax what the index of one model and group may take
/// @param repairPause at least so long after an index forgot what a rank needs, that rank is asked
///     for everything it keeps
record IndexerLimits(int registrationsMax, long indexBytesMax, Duration repairPause) {
    private static final int REGISTRATIONS_MAX = 480;
    private static final Duration REPAIR_PAUSE = Duration.ofSeconds(30);

    static IndexerLimits of(long indexBytesMax) {
        return new IndexerLimits(REGISTRATIONS_MAX, indexBytesMax, REPAIR_PAUSE);
    }
}
