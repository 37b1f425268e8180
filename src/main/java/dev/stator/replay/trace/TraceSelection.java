package dev.stator.replay.trace;

import dev.stator.replay.trace.TraceRequest.Turn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Parts and variations of a trace.
public final class TraceSelection {

    /// From one session's beginning to the next one's.
    private static final long START_INTERVAL_NANOS = 30_000_000_000L;

    /// Blocks that are common to all sessions have ids that no trace uses.
    private static final long COMMON = Long.MIN_VALUE;

    private TraceSelection() {}

    /// The first requests.
    public static Trace firstRequests(Trace trace, int requestsMax) {
        List<TraceRequest> requests = trace.requests();
        return with(trace, requests.subList(0, Math.min(requestsMax, requests.size())));
    }

    /// The first sessions, in the order in which they begin, of those that have no parent and no
    /// prompt longer than `inputTokensMax`. One begins every 30 seconds.
    public static Trace firstSessions(Trace trace, int sessionsMax, int inputTokensMax) {
        List<List<TraceRequest>> sessions =
                sessions(trace).stream()
                        .filter(it -> it.getFirst().turn().orElseThrow().parent().isEmpty())
                        .filter(it -> it.stream().allMatch(r -> r.inputTokens() <= inputTokensMax))
                        .limit(sessionsMax)
                        .toList();
        var requests = new ArrayList<TraceRequest>();
        for (int i = 0; i < sessions.size(); i++) {
            long shift = i * START_INTERVAL_NANOS - sessions.get(i).getFirst().arrivalNanos();
            sessions.get(i).forEach(it -> requests.add(it.at(it.arrivalNanos() + shift)));
        }
        requests.sort(Comparator.comparingLong(TraceRequest::arrivalNanos));
        return with(trace, requests);
    }

    /// Gives the first blocks of every session's first prompt the same ids in all sessions, as if
    /// they shared tools and a system prompt.
    public static Trace sharePrefix(Trace trace, int blocks) {
        Map<String, long[]> prefixes = new LinkedHashMap<>();
        var requests = new ArrayList<TraceRequest>();
        for (TraceRequest request : trace.requests()) {
            long[] ids = request.blocks().toArray();
            long[] own =
                    request.turn()
                            .map(Turn::session)
                            .map(it -> prefixes.computeIfAbsent(it, _ -> first(ids, blocks)))
                            .orElse(ids);
            int shared = 0;
            while (shared < Math.min(own.length, Math.min(blocks, ids.length))
                    && ids[shared] == own[shared]) {
                ids[shared] = COMMON + shared;
                shared++;
            }
            requests.add(
                    new TraceRequest(
                            request.arrivalNanos(),
                            request.inputTokens(),
                            request.outputTokens(),
                            BlockIds.of(ids),
                            request.turn()));
        }
        return with(trace, requests);
    }

    private static long[] first(long[] ids, int count) {
        return LongStream.of(ids).limit(count).toArray();
    }

    private static Collection<List<TraceRequest>> sessions(Trace trace) {
        Map<String, List<TraceRequest>> sessions = new LinkedHashMap<>();
        for (TraceRequest request : trace.requests()) {
            request.turn()
                    .map(Turn::session)
                    .ifPresent(
                            it ->
                                    sessions.computeIfAbsent(it, _ -> new ArrayList<>())
                                            .add(request));
        }
        return sessions.values();
    }

    private static Trace with(Trace trace, List<TraceRequest> requests) {
        return new Trace(trace.name(), trace.blockSizeTokens(), requests);
    }
}
