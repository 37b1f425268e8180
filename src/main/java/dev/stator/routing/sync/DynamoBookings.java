package dev.stator.routing.sync;

import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.routing.sync.BookingEvent.Change;
import dev.stator.routing.sync.BookingEvent.Change.Booked;
import dev.stator.routing.sync.BookingEvent.Change.PrefillCompleted;
import dev.stator.routing.sync.BookingEvent.Change.Released;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.EventForm;
import dev.stator.tokens.SequenceHash;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Bookings as Dynamo's routers publish them, `ActiveSequenceEvent` under the workers' endpoint.
///
/// ```
/// {"request_id": "r1", "worker": {"worker_id": 42, "dp_rank": 0},
///  "data": {"AddRequest": {"token_sequence": [7], "track_prefill_tokens": true,
///           "expected_output_tokens": null, "prefill_load_hint":
///           {"initial_effective_prefill_tokens": 9, "expected_prefill_duration": null}}},
///  "router_id": 5, "lora_name": "sql", "session": "9f…", "booking": 3}
/// ```
///
/// `data` is `"MarkPrefillCompleted"` or `"Free"` afterwards; `lora_name` is null for the model
/// itself. `session` and `booking` are ours: other readers ignore them, and what others write is
/// read as session 0.
record DynamoBookings(EndpointId workers) implements EventForm<BookingEvent> {
    static final String TOPIC = "active_sequences_events";
    static final String BOOKING = "booking";
    static final String REQUEST_ID = "request_id";
    static final String WORKER_ID = "worker_id";
    static final String RANK = "dp_rank";
    static final String LORA = "lora_name";
    private static final String ADD = "AddRequest";
    private static final String COMPLETED = "MarkPrefillCompleted";
    private static final String FREE = "Free";
    private static final String DATA = "data";
    private static final String WORKER = "worker";
    private static final String HASHES = "token_sequence";
    private static final String TRACKED = "track_prefill_tokens";
    private static final String HINT = "prefill_load_hint";
    private static final String TOKENS = "initial_effective_prefill_tokens";

    @Override
    public String subject(BookingEvent event) {
        return SyncTopics.subject(workers, TOPIC);
    }

    @Override
    public List<String> patterns() {
        return SyncTopics.patterns(workers, TOPIC);
    }

    @Override
    public JsonValue write(BookingEvent event) {
        var json =
                new JsonObjectBuilder()
                        .put(REQUEST_ID, event.requestId())
                        .put(
                                WORKER,
                                new JsonObjectBuilder()
                                        .putUnsigned(WORKER_ID, event.worker().value())
                                        .put(RANK, event.worker().rank())
                                        .build())
                        .put(DATA, data(event.change()));
        event.router().putId(json);
        event.adapter().ifPresentOrElse(it -> json.put(LORA, it), () -> json.putNull(LORA));
        if (event.router().isOurs()) {
            event.router().putSession(json).putUnsigned(BOOKING, event.booking());
        }
        return json.build();
    }

    @Override
    public BookingEvent read(JsonField json) {
        RouterSession router = RouterSession.read(json);
        return new BookingEvent(
                router,
                router.isOurs() ? json.get(BOOKING).unsignedLong() : 0,
                json.get(REQUEST_ID).string(),
                worker(json.get(WORKER)),
                adapter(json),
                change(json.get(DATA)));
    }

    static Optional<String> adapter(JsonField json) {
        return json.get(LORA).optional().map(JsonField::string).filter(it -> !it.isEmpty());
    }

    /// Without a rank it is the first one.
    static WorkerId worker(JsonField json) {
        return new WorkerId(
                json.get(WORKER_ID).unsignedLong(),
                json.get(RANK).integerOr(0, 0, Integer.MAX_VALUE));
    }

    private static JsonValue data(Change change) {
        return switch (change) {
            case Booked booked -> new JsonObjectBuilder().put(ADD, added(booked)).build();
            case PrefillCompleted() -> new JsonString(COMPLETED);
            case Released() -> new JsonString(FREE);
        };
    }

    private static JsonObject added(Booked booked) {
        return new JsonObjectBuilder()
                .putUnsigned(HASHES, booked.blocks().stream().mapToLong(it -> it.value()))
                .put(TRACKED, true)
                .putNull("expected_output_tokens")
                .put(
                        HINT,
                        new JsonObjectBuilder()
                                .put(TOKENS, booked.prefillTokens())
                                .putNull("expected_prefill_duration")
                                .build())
                .build();
    }

    private static Change change(JsonField data) {
        if (data.isObject()) {
            return booked(data.get(ADD));
        }
        return switch (data.string()) {
            case COMPLETED -> new PrefillCompleted();
            case FREE -> new Released();
            default -> throw data.invalid("must be AddRequest, MarkPrefillCompleted or Free");
        };
    }

    private static Booked booked(JsonField json) {
        JsonField hashes = json.get(HASHES);
        JsonField tracked = json.get(TRACKED);
        JsonField hint = json.get(HINT);
        boolean isTracked = !tracked.isPresent() || tracked.bool();
        return new Booked(
                hashes.isPresent() ? hashes(hashes) : List.of(),
                isTracked && hint.isPresent() ? hint.get(TOKENS).integer(0, Long.MAX_VALUE) : 0);
    }

    static List<SequenceHash> hashes(JsonField json) {
        return Arrays.stream(json.unsignedLongs()).mapToObj(SequenceHash::new).toList();
    }
}
