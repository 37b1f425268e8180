package dev.stator.replay.trace;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.replay.trace.TraceRequest.Turn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sessions of coding agents, one line per call: `session`, `turn`, `t` (s since the session
/// began), `in`, `out`, `think_time` (s), `h` (ids as runs `[first, count]`, complete blocks of 64
/// tokens), and for sub-agents `parent`, whose ids they share.
///
/// Session i of those that have no parent begins `START_INTERVAL_NANOS` · i after the trace began.
final class AgenticReader implements TraceReader {
    private static final int BLOCK_SIZE_TOKENS = 64;
    private static final long START_INTERVAL_NANOS = 30_000_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<String, String> parentOf = new HashMap<>(); // said by its first row only
    private final Map<String, Integer> roots = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();

    @Override
    public void read(String line) {
        JsonField row = JsonField.root(Json.parse(line, JsonLimits.REQUEST));
        String session = row.get("session").string();
        row.get("parent").optional().ifPresent(it -> parentOf.put(session, it.string()));
        Optional<String> parent = Optional.ofNullable(parentOf.get(session));
        int number = roots.computeIfAbsent(parent.orElse(session), _ -> roots.size());
        var turn =
                new Turn(
                        session,
                        row.get("turn").integer(0, Integer.MAX_VALUE),
                        row.get("think_time").optional().map(AgenticReader::nanos).orElse(0L),
                        parent);
        var request =
                new TraceRequest(
                        Math.addExact(number * START_INTERVAL_NANOS, nanos(row.get("t"))),
                        row.get("in").integer(1, Integer.MAX_VALUE),
                        row.get("out").integer(0, Integer.MAX_VALUE),
                        ids(row.get("h"), number),
                        Optional.of(turn));
        calls.add(new Call(number, turn.number(), request));
    }

    @Override
    public Trace trace(String name) {
        calls.sort(Call.ORDER);
        return new Trace(name, BLOCK_SIZE_TOKENS, calls.stream().map(Call::request).toList());
    }

    private static long nanos(JsonField seconds) {
        double number = seconds.number();
        if (number < 0) {
            throw seconds.invalid("must not be negative");
        }
        return Math.round(number * NANOS_PER_SECOND);
    }

    /// Ids are local to a session and its sub-agents.
    private static BlockIds ids(JsonField runs, int sessionNumber) {
        var ids = new BlockIds.Builder();
        for (JsonField run : runs.items()) {
            List<JsonField> pair = run.items();
            if (pair.size() != 2) {
                throw run.invalid("must be [first, count]");
            }
            long first = pair.get(0).integer(0L, Integer.MAX_VALUE);
            ids.add((long) sessionNumber << 32 | first, pair.get(1).integer(1, Integer.MAX_VALUE));
        }
        return ids.build();
    }

    private record Call(int session, int turn, TraceRequest request) {
        static final Comparator<Call> ORDER =
                Comparator.comparingLong((Call it) -> it.request().arrivalNanos())
                        .thenComparingInt(Call::session)
                        .thenComparingInt(Call::turn);
    }
}
