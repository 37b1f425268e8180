package dev.stator.routing.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.wire.Wire;
import dev.stator.engine.wire.WireFormat;
import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.routing.sync.BookingEvent.Change;
import dev.stator.routing.sync.BookingEvent.Change.Booked;
import dev.stator.routing.sync.BookingEvent.Change.PrefillCompleted;
import dev.stator.routing.sync.BookingEvent.Change.Released;
import dev.stator.routing.sync.BookingStatement.Running;
import dev.stator.routing.sync.BookingStatement.Wanted;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.EventCodec;
import dev.stator.runtime.events.EventForm;
import dev.stator.runtime.events.EventLayout;
import dev.stator.tokens.SequenceHash;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

class BookingWireTest {
    private static final EndpointId WORKERS = new EndpointId("dynamo", "backend", "generate");
    private static final EventCodec<BookingEvent> CODEC = SyncTopics.bookings(WORKERS).codec();
    private static final EventForm<BookingEvent> DYNAMO = CODEC.dynamo();
    private static final RouterSession THEIRS = new RouterSession(7, 0);
    private static final RouterSession OURS = new RouterSession(-7, -9);

    @Test
    void dynamosEventsAreWrittenAndReadByteForByte() {
        assertDynamo("booked", new Booked(hashes(0xcb38e4d7fb2dca5cL, 5), 37));
        assertDynamo("prefill completed", new PrefillCompleted());
        assertDynamo("released", new Released());
        Wire.assertGolden(
                "released on rank 1",
                new BookingEvent(THEIRS, 0, "r1", new WorkerId(42, 1), new Released()),
                DYNAMO::write,
                DYNAMO::read);
    }

    @Test
    void anAdapterIsNamedWithEveryEvent() {
        assertDynamo(
                "booked for an adapter", adapted(new Booked(hashes(0xcb38e4d7fb2dca5cL, 5), 37)));
        assertDynamo("released for an adapter", adapted(new Released()));
        JsonField readable = JsonField.root(CODEC.readable().write(adapted(new Released())));
        assertThat(readable.get("lora_name").string()).isEqualTo("my-lora");
    }

    @Test
    void subjectsAreThoseOfTheLayouts() {
        BookingEvent event = theirs(new Released());
        assertThat(CODEC.readable().subject(event)).isEqualTo("dynamo.router.bookings");
        assertThat(DYNAMO.subject(event))
                .isEqualTo(
                        "namespace.dynamo.component.backend.endpoint.generate"
                                + ".active_sequences_events");
        assertThat(DYNAMO.patterns())
                .containsExactly(
                        DYNAMO.subject(event),
                        "namespace.dynamo.component.backend.active_sequences_events");
        EventCodec<BookingStatement> statements = SyncTopics.statements(WORKERS).codec();
        assertThat(statements.readable().patterns()).containsExactly("dynamo.router.running");
        assertThat(statements.dynamo().patterns()).doesNotContainAnyElementsOf(DYNAMO.patterns());
    }

    @Test
    void aReadableBookingIsOneFlatObject() {
        var event =
                new BookingEvent(
                        new RouterSession(5, 0x9f),
                        3,
                        "r1",
                        new WorkerId(42, 1),
                        new Booked(hashes(7), 9));
        for (JsonField carried :
                Wire.messages(
                        """
                        {"type":"Booked","router_id":5,"session":"9f","booking":3,
                         "request_id":"r1","worker_id":42,"dp_rank":1,"prefill_tokens":9,
                         "sequence_hashes":[7]}\
                        """)) {
            assertThat(CODEC.readable().read(carried)).isEqualTo(event);
            assertThat(CODEC.readable().write(event)).isEqualTo(carried.value());
        }
    }

    @Test
    void whatOlderAndNewerRoutersSayIsUnderstood() {
        assertThat(
                        added(
                                """
                                {"AddRequest":{"token_sequence":[5],"isl":37,"overlap":1,
                                 "expected_output_tokens":64}}\
                                """))
                .isEqualTo(new Booked(hashes(5), 0));
        assertThat(
                        added(
                                """
                                {"AddRequest":{"token_sequence":null,"track_prefill_tokens":false,
                                 "prefill_load_hint":{"initial_effective_prefill_tokens":37,
                                  "expected_prefill_duration":{"secs":1,"nanos":5}},"new":1}}\
                                """))
                .isEqualTo(new Booked(List.of(), 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"worker":{"worker_id":1},"data":"Free","router_id":1} | request_id
                    {"request_id":"r","data":"Free","router_id":1} | worker
                    {"request_id":"r","worker":{},"data":"Free","router_id":1} | worker.worker_id
                    {"request_id":"r","worker":{"worker_id":1},"data":"Free"} | router_id
                    {"request_id":"r","worker":{"worker_id":1},"data":"Lost","router_id":1}   | data
                    {"request_id":"r","worker":{"worker_id":1},"data":{"Move":1},"router_id":1} \
                    | data.AddRequest
                    {"request_id":"r","worker":{"worker_id":1},"data":{"AddRequest":{\
                    "token_sequence":["a"]}},"router_id":1} \
                    | data.AddRequest.token_sequence[0]
                    {"request_id":"r","worker":{"worker_id":1},"data":"Free","router_id":1,\
                    "session":"x"} \
                    | session
                    """)
    void complaintsNameTheMember(String json, String member) {
        assertThatThrownBy(() -> DYNAMO.read(Wire.message(json)))
                .isInstanceOf(JsonFieldException.class)
                .extracting(it -> ((JsonFieldException) it).path())
                .isEqualTo(member);
    }

    @Test
    void aStatementThatContradictsItselfIsRefused() {
        for (String members :
                List.of(
                        "\"after\":2,\"through\":1,\"prefilling\":[],\"decoding\":[]",
                        "\"after\":2,\"through\":5,\"prefilling\":[2],\"decoding\":[]",
                        "\"after\":2,\"through\":5,\"prefilling\":[],\"decoding\":[6]")) {
            JsonField statement =
                    Wire.message(
                            "{\"type\":\"Running\",\"router_id\":1,\"statement\":1,%s}"
                                    .formatted(members));
            assertThatThrownBy(
                            () -> SyncTopics.statements(WORKERS).codec().readable().read(statement))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bookings must be in");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void everyBookingSurvivesBothLayoutsInBothFormats(long seed) {
        var random = new SplittableRandom(seed);
        Change change =
                switch (random.nextInt(3)) {
                    case 0 -> new Released();
                    case 1 -> new PrefillCompleted();
                    default ->
                            new Booked(
                                    hashes(random.longs(random.nextInt(20)).toArray()),
                                    random.nextLong() >>> (1 + random.nextInt(63)));
                };
        var event =
                new BookingEvent(
                        new RouterSession(random.nextLong(), random.nextLong() | 1),
                        random.nextLong() >>> 1,
                        "r\"" + seed,
                        new WorkerId(random.nextLong(), random.nextInt(3)),
                        random.nextBoolean() ? Optional.of("a" + seed) : Optional.empty(),
                        change);
        for (EventLayout layout : EventLayout.values()) {
            for (WireFormat format : WireFormat.values()) {
                EventForm<BookingEvent> form = CODEC.form(layout);
                assertThat(form.read(format.carry(form.write(event))))
                        .as(layout + " " + format)
                        .isEqualTo(event);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void statementsSurviveBothFormats(WireFormat format) {
        EventForm<BookingStatement> form = SyncTopics.statements(WORKERS).codec().dynamo();
        for (BookingStatement statement :
                List.of(
                        new Running(OURS, 8, 2, 17, List.of(17L), List.of(3L, 12L)),
                        new Running(OURS, 1, 0, 0, List.of(), List.of()),
                        new Wanted(OURS, List.of(12L)))) {
            assertThat(form.read(format.carry(form.write(statement)))).isEqualTo(statement);
        }
    }

    private static Change added(String data) {
        String event =
                "{\"request_id\":\"r\",\"worker\":{\"worker_id\":1,\"dp_rank\":0},\"data\":"
                        + data
                        + ",\"router_id\":1}";
        return DYNAMO.read(Wire.message(event)).change();
    }

    private static void assertDynamo(String name, Change change) {
        assertDynamo(name, theirs(change));
    }

    private static void assertDynamo(String name, BookingEvent event) {
        Wire.assertGolden(name, event, DYNAMO::write, DYNAMO::read);
    }

    private static BookingEvent adapted(Change change) {
        return new BookingEvent(THEIRS, 0, "r1", new WorkerId(42), Optional.of("my-lora"), change);
    }

    private static BookingEvent theirs(Change change) {
        return new BookingEvent(THEIRS, 0, "r1", new WorkerId(42), change);
    }

    private static List<SequenceHash> hashes(long... bits) {
        return LongStream.of(bits).mapToObj(SequenceHash::new).toList();
    }
}
