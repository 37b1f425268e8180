package dev.stator.replay.offline;

import dev.stator.replay.trace.TraceRequest;
import dev.stator.replay.trace.TraceRequest.Turn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Which requests arrive by the clock, and which wait for another one's answer.
final class SessionOrder {
    private static final int NONE = -1;

    private final List<Integer> first = new ArrayList<>();
    private final int[] after;

    SessionOrder(List<TraceRequest> requests, ReplayConfig.Sessions sessions) {
        after = new int[requests.size()];
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < after.length; i++) {
            after[i] = NONE;
            Optional<Turn> turn = requests.get(i).turn();
            Integer before =
                    sessions == ReplayConfig.Sessions.OPEN || turn.isEmpty()
                            ? null
                            : last.put(turn.get().session(), i);
            if (before == null) {
                first.add(i);
            } else {
                after[before] = i;
            }
        }
    }

    /// Those that arrive by the clock.
    List<Integer> first() {
        return first;
    }

    /// The one that waits for this one's answer.
    OptionalInt after(int request) {
        return after[request] == NONE ? OptionalInt.empty() : OptionalInt.of(after[request]);
    }
}
