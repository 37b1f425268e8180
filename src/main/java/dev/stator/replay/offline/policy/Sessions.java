package dev.stator.replay.offline.policy;

import dev.stator.replay.offline.worker.Job;
import dev.stator.replay.trace.TraceRequest.Turn;

import java.util.HashMap;
import java.util.Map;

/// Numbers the sessions in the order in which they come; a request without one is its own.
final class Sessions {
    private final Map<String, Integer> numbers = new HashMap<>();

    int number(Job job) {
        String session = job.request().turn().map(Turn::session).orElse("#" + job.number());
        return numbers.computeIfAbsent(session, _ -> numbers.size());
    }
}
