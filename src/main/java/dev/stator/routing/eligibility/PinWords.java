package dev.stator.routing.eligibility;

import dev.stator.routing.hints.WorkerPin;

/// How requests spell the worker they name.
final class PinWords {
    static final String WORKER = "nvext.backend_instance_id";
    private static final String RANK = "nvext.dp_rank";

    private PinWords() {}

    static String of(WorkerPin pin) {
        String rank = pin.rank().isPresent() ? RANK + " " + pin.rank().getAsInt() : "";
        if (pin.process().isEmpty()) {
            return rank + ": such a worker";
        }
        String process = WORKER + " " + Long.toUnsignedString(pin.process().getAsLong());
        return process + (rank.isEmpty() ? "" : ", " + rank) + ": this worker";
    }
}
