package dev.stator.routing.eligibility;

import dev.stator.routing.hints.WorkerPin;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Why no worker may serve a request because of what the request asks for.
public sealed interface Obstacle {

    /// Names the member of the request and its value.
    String message();

    /// The mode `direct` selects nothing by itself, and the request names no worker.
    record PinMissing() implements Obstacle {
        @Override
        public String message() {
            return PinWords.WORKER + " must name a worker: the router's mode is direct";
        }
    }

    /// The worker that was named does not serve the model now.
    record PinGone(WorkerPin pin) implements Obstacle {
        @Override
        public String message() {
            return PinWords.of(pin) + " does not serve the model now";
        }
    }

    /// The worker that was named has more work than it may have.
    record PinBusy(WorkerPin pin, Duration retryAfter) implements Obstacle {
        @Override
        public String message() {
            return PinWords.of(pin) + " is busy";
        }
    }

    /// None of the workers that were allowed serves the model now.
    ///
    /// @param allowed unsigned instance ids
    record NoneAllowed(Set<Long> allowed) implements Obstacle {
        public NoneAllowed {
            allowed = Set.copyOf(allowed);
        }

        @Override
        public String message() {
            return allowed.stream()
                    .map(Long::toUnsignedString)
                    .sorted()
                    .collect(
                            Collectors.joining(
                                    ", ",
                                    "allowed_worker_ids [",
                                    "]: none of them serves the model now"));
        }
    }

    /// No worker that may serve it has the adapter loaded.
    record NoneWithAdapter(String adapter) implements Obstacle {
        @Override
        public String message() {
            return "adapter \"%s\": no worker that may serve the request has it loaded now"
                    .formatted(adapter);
        }
    }

    /// No worker is of all the kinds that were required.
    record NoneOfKind(Set<String> required) implements Obstacle {
        public NoneOfKind {
            required = Set.copyOf(required);
        }

        @Override
        public String message() {
            return "nvext.routing_constraints.required_taints %s: no worker has them all"
                    .formatted(new TreeSet<>(required));
        }
    }
}
