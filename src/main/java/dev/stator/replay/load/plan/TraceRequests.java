package dev.stator.replay.load.plan;

import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;
import dev.stator.replay.trace.TraceRequest.Turn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plays a trace: each request at its arrival, or, in a session, some time after the answer to the
/// step before.
public final class TraceRequests implements RequestSource {
    private final Trace trace;
    private final double speed;
    private final Iterator<Step> open;
    private final Map<Integer, Deque<Step>> waiting = new HashMap<>();
    private final int size;
    private long planned;

    /// @param session number of the session, 0 for none
    private record Step(TraceRequest request, int session) {}

    /// @param speed how much faster than it was recorded; 0 for everything at once
    public TraceRequests(Trace trace, double speed) {
        if (!(speed >= 0)) {
            throw new IllegalArgumentException("speed must not be negative: " + speed);
        }
        this.trace = trace;
        this.speed = speed;
        this.size = trace.requests().size();
        this.open = firstSteps().iterator();
    }

    /// Steps that arrive by the clock; all others go where they wait for the answer before them.
    private List<Step> firstSteps() {
        Map<String, Integer> sessions = new HashMap<>();
        var first = new ArrayList<Step>();
        for (TraceRequest request : trace.requests()) {
            Optional<String> name = request.turn().map(Turn::session);
            boolean known = name.isPresent() && sessions.containsKey(name.get());
            int session =
                    name.map(it -> sessions.computeIfAbsent(it, _ -> sessions.size() + 1))
                            .orElse(0);
            var step = new Step(request, session);
            if (known) {
                waiting.computeIfAbsent(session, _ -> new ArrayDeque<>()).add(step);
            } else {
                first.add(step);
            }
        }
        return first;
    }

    @Override
    public Optional<PlannedRequest> next() {
        if (!open.hasNext()) {
            return Optional.empty();
        }
        Step step = open.next();
        return Optional.of(plan(step, scaled(step.request().arrivalNanos())));
    }

    @Override
    public Optional<PlannedRequest> after(PlannedRequest ended, long endNanos) {
        Deque<Step> steps = waiting.get(ended.user());
        if (steps == null || steps.isEmpty()) {
            return Optional.empty();
        }
        Step step = steps.remove();
        long think = step.request().turn().map(Turn::thinkNanos).orElse(0L);
        return Optional.of(plan(step, endNanos + scaled(think)));
    }

    private PlannedRequest plan(Step step, long dueNanos) {
        TraceRequest request = step.request();
        long[] ids = request.blocks().toArray();
        int room = (int) Math.min((long) ids.length * trace.blockSizeTokens(), Integer.MAX_VALUE);
        var prompt =
                new PromptBlocks(
                        ids, trace.blockSizeTokens(), Math.min(room, request.inputTokens()));
        int output = Math.max(1, request.outputTokens());
        return new PlannedRequest(planned++, dueNanos, prompt, output, step.session());
    }

    private long scaled(long nanos) {
        return speed == 0 ? 0 : Math.round(nanos / speed);
    }

    @Override
    public long size() {
        return size;
    }
}
