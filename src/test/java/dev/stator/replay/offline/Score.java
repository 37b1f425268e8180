package dev.stator.replay.offline;

import java.util.List;
import java.util.Locale;

/// A line of the scoreboard.
///
/// @param id as in the first column; empty for a line that belongs to the one above
/// @param bar what must hold
/// @param aim what ought to hold
record Score(String id, String test, String bar, String aim, String reached, Verdict verdict) {

    static final List<String> HEADER =
            List.of("id", "test", "first bar", "aim", "reached", "verdict");

    enum Verdict {
        AIM,
        BAR,
        MISSED,
        /// It is said, but nothing depends on it.
        SHOWN;

        static Verdict of(boolean isBarReached, boolean isAimReached) {
            if (!isBarReached) {
                return MISSED;
            }
            return isAimReached ? AIM : BAR;
        }
    }

    static Score shown(String test, String reached) {
        return new Score("", test, "", "", reached, Verdict.SHOWN);
    }

    List<String> cells() {
        return List.of(id, test, bar, aim, reached, verdict.name().toLowerCase(Locale.ROOT));
    }
}
