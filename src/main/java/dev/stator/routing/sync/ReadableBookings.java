package dev.stator.routing.sync;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.routing.sync.BookingEvent.Change;
import dev.stator.routing.sync.BookingEvent.Change.Booked;
import dev.stator.routing.sync.BookingEvent.Change.PrefillCompleted;
import dev.stator.routing.sync.BookingEvent.Change.Released;
import dev.stator.runtime.events.EventForm;

import java.util.List;

/// Bookings for people, on `{namespace}.router.bookings`.
///
/// ```
/// {"type": "Booked", "router_id": 5, "session": "9f…", "booking": 3, "request_id": "r1",
///  "worker_id": 42, "dp_rank": 0, "prefill_tokens": 9, "sequence_hashes": [7]}
/// {"type": "PrefillCompleted", …, "worker_id": 42, "dp_rank": 0}
/// {"type": "Released", …, "worker_id": 42, "dp_rank": 0}
/// ```
///
/// `lora_name` follows the rank where the request is for an adapter.
record ReadableBookings(String namespace) implements EventForm<BookingEvent> {
    private static final String TYPE = "type";
    private static final String BOOKED = "Booked";
    private static final String COMPLETED = "PrefillCompleted";
    private static final String RELEASED = "Released";
    private static final String TOKENS = "prefill_tokens";
    private static final String HASHES = "sequence_hashes";

    @Override
    public String subject(BookingEvent event) {
        return namespace + ".router.bookings";
    }

    @Override
    public List<String> patterns() {
        return List.of(namespace + ".router.bookings");
    }

    @Override
    public JsonValue write(BookingEvent event) {
        return switch (event.change()) {
            case Booked(var blocks, var prefillTokens) ->
                    head(BOOKED, event)
                            .put(TOKENS, prefillTokens)
                            .putUnsigned(HASHES, blocks.stream().mapToLong(it -> it.value()))
                            .build();
            case PrefillCompleted() -> head(COMPLETED, event).build();
            case Released() -> head(RELEASED, event).build();
        };
    }

    @Override
    public BookingEvent read(JsonField json) {
        return new BookingEvent(
                RouterSession.read(json),
                json.get(DynamoBookings.BOOKING).unsignedLong(),
                json.get(DynamoBookings.REQUEST_ID).string(),
                DynamoBookings.worker(json),
                DynamoBookings.adapter(json),
                change(json));
    }

    private static JsonObjectBuilder head(String type, BookingEvent event) {
        RouterSession router = event.router();
        JsonObjectBuilder json =
                router.putSession(router.putId(new JsonObjectBuilder().put(TYPE, type)))
                        .putUnsigned(DynamoBookings.BOOKING, event.booking())
                        .put(DynamoBookings.REQUEST_ID, event.requestId())
                        .putUnsigned(DynamoBookings.WORKER_ID, event.worker().value())
                        .put(DynamoBookings.RANK, event.worker().rank());
        event.adapter().ifPresent(it -> json.put(DynamoBookings.LORA, it));
        return json;
    }

    private static Change change(JsonField json) {
        JsonField type = json.get(TYPE);
        return switch (type.string()) {
            case BOOKED ->
                    new Booked(
                            DynamoBookings.hashes(json.get(HASHES)),
                            json.get(TOKENS).integer(0, Long.MAX_VALUE));
            case COMPLETED -> new PrefillCompleted();
            case RELEASED -> new Released();
            default -> throw type.invalid("must be Booked, PrefillCompleted or Released");
        };
    }
}
