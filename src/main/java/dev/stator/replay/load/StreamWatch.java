package dev.stator.replay.load;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.http.client.EventListener;
import dev.stator.platform.http.client.HttpCall;
import dev.stator.platform.http.client.HttpFailure;
import dev.stator.platform.http.client.HttpReply;
import dev.stator.replay.load.result.StreamOutcome;
import dev.stator.replay.load.result.Verdict;

import java.util.Locale;
import java.util.Set;

/// Watches one answer from its beginning to its verdict. Event loop only, but for `abandon`.
final class StreamWatch implements EventListener {
    private static final Set<Integer> NO_ROOM = Set.of(429, 503, 529);

    private final Shipment shipment;
    private final Surroundings surroundings;
    private final Tally tally; // guarded by this
    private boolean ended; // guarded by this

    /// What all watches of a run share.
    interface Surroundings {
        /// Nanoseconds since the run began.
        long nanos();

        /// So many tokens came, the last ones before them `gapNanos` ago; 0 for the first.
        void arrived(long atNanos, int tokens, long gapNanos);

        /// Lets the call go on after the pause of a slow reader.
        void resumeLater(HttpCall call);

        /// The answer has its verdict.
        void ended(StreamWatch watch, StreamOutcome outcome);
    }

    /// About to be sent.
    StreamWatch(Shipment shipment, Surroundings surroundings) {
        this.shipment = shipment;
        this.surroundings = surroundings;
        this.tally = new Tally(shipment, surroundings.nanos());
    }

    Shipment shipment() {
        return shipment;
    }

    @Override
    public void onOpen(HttpCall call) {
        if (shipment.isSlow()) {
            slowDown(call);
        }
    }

    @Override
    public synchronized void onEvent(HttpCall call, String data) {
        if (ended) {
            return;
        }
        if (data.equals(Chunk.DONE)) {
            tally.done();
            return;
        }
        try {
            accept(call, Chunk.read(data));
        } catch (JsonException | JsonFieldException e) {
            end(Verdict.FAILED, "an event that is no chunk");
            call.cancel();
        }
    }

    private void accept(HttpCall call, Chunk chunk) {
        if (chunk.error().isPresent()) {
            end(Verdict.FAILED, "error event: " + chunk.error().get());
            call.discardRest();
            return;
        }
        long now = surroundings.nanos();
        long gap = tally.accept(chunk, now);
        if (gap >= 0) {
            int count = Math.max(1, chunk.tokens().size());
            surroundings.arrived(now, count, shipment.isSlow() ? 0 : gap);
        }
        if (shipment.leavesAfter() > 0 && tally.tokens() >= shipment.leavesAfter()) {
            end(Verdict.DISCONNECTED, "");
            call.cancel();
        } else if (shipment.isSlow()) {
            slowDown(call);
        }
    }

    private void slowDown(HttpCall call) {
        call.pause();
        surroundings.resumeLater(call);
    }

    @Override
    public synchronized void onEnd(HttpCall call) {
        String missing = tally.missing();
        end(missing.isEmpty() ? Verdict.COMPLETED : Verdict.FAILED, missing);
    }

    @Override
    public synchronized void onAnswer(HttpCall call, HttpReply reply) {
        int status = reply.head().status();
        if (status / 100 == 2) {
            end(Verdict.FAILED, "an answer that is no stream");
        } else {
            end(
                    NO_ROOM.contains(status) ? Verdict.REJECTED : Verdict.FAILED,
                    "HTTP " + status + errorType(reply.body()));
        }
    }

    @Override
    public synchronized void onFailure(HttpCall call, HttpFailure failure) {
        end(Verdict.FAILED, failure.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    /// The run is over, whatever still comes.
    synchronized void abandon() {
        end(Verdict.UNFINISHED, "");
    }

    private void end(Verdict verdict, String reason) {
        if (!ended) {
            ended = true;
            surroundings.ended(this, tally.outcome(verdict, reason, surroundings.nanos()));
        }
    }

    private static String errorType(String body) {
        try {
            JsonField error = JsonField.root(Json.parse(body, JsonLimits.CONFIGURATION));
            return " " + Chunk.errorType(error.get("error"));
        } catch (JsonException | JsonFieldException _) {
            return "";
        }
    }
}
