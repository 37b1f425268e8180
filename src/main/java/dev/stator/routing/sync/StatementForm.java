package dev.stator.routing.sync;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.routing.sync.BookingStatement.Running;
import dev.stator.routing.sync.BookingStatement.Wanted;
import dev.stator.runtime.events.EventForm;

import java.util.List;
import java.util.stream.LongStream;

/// Statements, the same JSON in both layouts.
///
/// ```
/// {"type": "Running", "router_id": 5, "session": "9f…", "statement": 8, "after": 0,
///  "through": 17, "prefilling": [17], "decoding": [3, 12]}
/// {"type": "Wanted", "router_id": 5, "session": "9f…", "bookings": [12]}
/// ```
record StatementForm(String subjectName, List<String> patterns)
        implements EventForm<BookingStatement> {
    private static final String TYPE = "type";
    private static final String RUNNING = "Running";
    private static final String WANTED = "Wanted";
    private static final String STATEMENT = "statement";
    private static final String AFTER = "after";
    private static final String THROUGH = "through";
    private static final String PREFILLING = "prefilling";
    private static final String DECODING = "decoding";
    private static final String BOOKINGS = "bookings";

    StatementForm {
        patterns = List.copyOf(patterns);
    }

    @Override
    public String subject(BookingStatement statement) {
        return subjectName;
    }

    @Override
    public JsonValue write(BookingStatement statement) {
        return switch (statement) {
            case Running running ->
                    head(RUNNING, running.router())
                            .putUnsigned(STATEMENT, running.number())
                            .putUnsigned(AFTER, running.after())
                            .putUnsigned(THROUGH, running.through())
                            .putUnsigned(PREFILLING, numbers(running.prefilling()))
                            .putUnsigned(DECODING, numbers(running.decoding()))
                            .build();
            case Wanted(var router, var bookings) ->
                    head(WANTED, router).putUnsigned(BOOKINGS, numbers(bookings)).build();
        };
    }

    @Override
    public BookingStatement read(JsonField json) {
        RouterSession router = RouterSession.read(json);
        JsonField type = json.get(TYPE);
        return switch (type.string()) {
            case RUNNING ->
                    new Running(
                            router,
                            json.get(STATEMENT).unsignedLong(),
                            json.get(AFTER).unsignedLong(),
                            json.get(THROUGH).unsignedLong(),
                            numbers(json.get(PREFILLING)),
                            numbers(json.get(DECODING)));
            case WANTED -> new Wanted(router, numbers(json.get(BOOKINGS)));
            default -> throw type.invalid("must be Running or Wanted");
        };
    }

    private static JsonObjectBuilder head(String type, RouterSession router) {
        return router.putSession(router.putId(new JsonObjectBuilder().put(TYPE, type)));
    }

    private static LongStream numbers(List<Long> bookings) {
        return bookings.stream().mapToLong(Long::longValue);
    }

    private static List<Long> numbers(JsonField json) {
        return json.items().stream().map(JsonField::unsignedLong).toList();
    }
}
