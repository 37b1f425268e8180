package dev.stator.runtime.events.nats;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.platform.codec.MessagePack;
import dev.stator.platform.nats.NatsMessage;
import dev.stator.runtime.events.EventCodec;
import dev.stator.runtime.events.EventEnvelope;
import dev.stator.runtime.events.EventLayout;
import dev.stator.runtime.events.Topic;
import dev.stator.runtime.events.nats.EventNode.Heard;
import dev.stator.testing.NatsServer;
import dev.stator.testing.RawNats;
import dev.stator.testing.RawNats.Delivered;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What travels, and what is made of what others send, with a server that stays up.
class NatsEventPlaneTest {
    private static final Topic<WorkerKvEvent> KV = WorkerProtocol.in("dynamo").kvEvents();
    private static final String READABLE = "dynamo.kvcache.42.update";
    private static final String COMPONENT = "namespace.dynamo.component.backend";
    private static final String DYNAMO = COMPONENT + ".endpoint.generate.kv-events";
    private static final NatsEventConfig DYNAMO_CONFIG =
            NatsEventConfig.DEFAULT.withLayout(EventLayout.DYNAMO);

    private static final WorkerKvEvent STORED =
            event(
                    1,
                    new Stored(
                            Optional.empty(),
                            List.of(new StoredBlock(new SequenceHash(-1), new BlockHash(9)))));
    private static final WorkerKvEvent REMOVED =
            event(2, new Removed(List.of(new SequenceHash(-1))));
    private static final WorkerKvEvent CLEARED = event(3, new Cleared());

    @TempDir static Path folder;
    private static NatsServer server;

    private final List<EventNode> nodes = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        server = NatsServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void disconnect() {
        nodes.forEach(EventNode::close);
    }

    @Test
    void anyNatsClientCanReadWhatIsPublished() throws Exception {
        EventNode worker = node("worker", NatsEventConfig.DEFAULT);
        try (RawNats anybody = RawNats.connect(server.port()).subscribe("dynamo.>")) {
            worker.plane().publish(KV, STORED);
            worker.plane().publish(KV, REMOVED);
            worker.plane().publish(KV, CLEARED);

            Delivered stored = anybody.next();
            assertThat(stored.subject()).isEqualTo("dynamo.kvcache.42.update");
            assertThat(stored.text())
                    .isEqualTo(
                            """
                            {"type":"BlockStored","worker_id":42,"incarnation":"ff","event_id":1,\
                            "dp_rank":0,"parent_block_hash":null,\
                            "block_hashes":[18446744073709551615],"tokens_hashes":[9]}\
                            """);
            Delivered removed = anybody.next();
            assertThat(removed.subject()).isEqualTo("dynamo.kvcache.42.evict");
            assertThat(removed.text())
                    .isEqualTo(
                            """
                            {"type":"BlockRemoved","worker_id":42,"incarnation":"ff","event_id":2,\
                            "dp_rank":0,"block_hashes":[18446744073709551615]}\
                            """);
            assertThat(anybody.next().text()).contains("\"type\":\"AllBlocksCleared\"");
        }
    }

    @Test
    void dynamosEnvelopeGoesToDynamosSubject() throws Exception {
        EventNode worker = node("worker", DYNAMO_CONFIG);
        try (RawNats router = RawNats.connect(server.port()).subscribe("namespace.dynamo.>")) {
            worker.plane().publish(KV, STORED);
            worker.plane().publish(KV, REMOVED);

            Delivered first = router.next();
            EventEnvelope one = EventEnvelope.read(first.payload(), EventCodec.LIMITS);
            EventEnvelope two = EventEnvelope.read(router.next().payload(), EventCodec.LIMITS);
            assertThat(first.subject()).isEqualTo(DYNAMO);
            assertThat(one.topic()).isEqualTo("kv-events");
            assertThat(one.publishedAtMillis()).isEqualTo(EventNode.NOW.toEpochMilli());
            assertThat(one.publisherId()).isEqualTo(two.publisherId()).isBetween(0L, 1L << 53);
            assertThat(List.of(one.sequence(), two.sequence())).containsExactly(0L, 1L);
            assertThat(one.payload())
                    .isEqualTo(
                            Json.parse(
                                    """
                                    {"worker_id": 42, "storage_tier": "device",
                                     "event": {"event_id": 1,
                                               "data": {"stored": {
                                                   "parent_hash": null, "start_position": null,
                                                   "blocks": [{
                                                       "block_hash": 18446744073709551615,
                                                       "tokens_hash": 9,
                                                       "mm_extra_info": null}]}},
                                               "dp_rank": 0},
                                     "incarnation": "ff"}
                                    """,
                                    JsonLimits.REQUEST));
        }
    }

    @Test
    void aSubscriberUnderstandsBothLayoutsAndOlderSubjects() throws Exception {
        EventNode readable = node("readable", NatsEventConfig.DEFAULT);
        EventNode dynamo = node("dynamo", DYNAMO_CONFIG);
        List<Heard<WorkerKvEvent>> all = List.of(readable.hear(KV), dynamo.hear(KV));
        readable.plane().publish(KV, STORED);
        await().until(() -> all.stream().allMatch(it -> it.all.size() == 1));
        dynamo.plane().publish(KV, REMOVED);
        await().until(() -> all.stream().allMatch(it -> it.all.size() == 2));
        send(COMPONENT + ".kv-events", envelope(7, 0, CLEARED));

        for (Heard<WorkerKvEvent> each : all) {
            await().untilAsserted(
                            () -> assertThat(each.all).containsExactly(STORED, REMOVED, CLEARED));
        }
    }

    @Test
    void whatIsNoEventIsAGapAndNothingElse() throws Exception {
        EventNode router = node("router", NatsEventConfig.DEFAULT);
        Heard<WorkerKvEvent> heard = router.hear(KV);
        List<byte[]> strange =
                List.of(
                        new byte[0],
                        bytes("{"),
                        bytes("\ud800"),
                        bytes("[]"),
                        bytes("{\"type\":5}"),
                        bytes("{\"type\":\"BlockMoved\",\"worker_id\":1,\"event_id\":1}"),
                        bytes("{\"type\":\"BlockStored\",\"worker_id\":-1,\"event_id\":1}"),
                        bytes("[".repeat(100_000)),
                        bytes("{\"worker_id\":" + "9".repeat(1_000) + "}"));
        for (byte[] each : strange) {
            send(READABLE, each);
        }
        byte[] good = envelope(7, 0, STORED);
        List<byte[]> strangeEnvelopes =
                List.of(
                        new byte[0],
                        bytes("{}"),
                        Arrays.copyOf(good, good.length - 1),
                        Arrays.copyOf(good, good.length + 1),
                        new EventEnvelope(7, 0, 0, "kv-events", new JsonString("x")).write(),
                        new byte[] {(byte) 0xdf, 127, 127, 127, 127},
                        MessagePack.write(new JsonString("x")));
        for (byte[] each : strangeEnvelopes) {
            send(DYNAMO, each);
        }
        send(DYNAMO, good);

        await().until(() -> heard.all.contains(STORED));
        int malformed = strange.size() + strangeEnvelopes.size();
        assertThat(heard.all).hasSize(malformed + 1).endsWith(STORED);
        assertThat(heard.all.subList(0, malformed)).containsOnly(1L);
        assertThat(router.plane().stats())
                .isEqualTo(new NatsEventStats(0, 0, 1, malformed, malformed));
    }

    @Test
    void numbersThatAreMissingAreAGap() throws Exception {
        EventNode router = node("router", NatsEventConfig.DEFAULT);
        Heard<WorkerKvEvent> heard = router.hear(KV);
        send(DYNAMO, envelope(7, 5, STORED));
        send(DYNAMO, envelope(8, 0, STORED));
        send(DYNAMO, envelope(7, 9, REMOVED));

        await().untilAsserted(
                        () -> assertThat(heard.all).containsExactly(STORED, STORED, 3L, REMOVED));
    }

    @Test
    void onePublisherNamesItsTopicsApart() throws Exception {
        EventNode worker = node("worker", DYNAMO_CONFIG);
        Topic<WorkerKvEvent> other = WorkerProtocol.in("other").kvEvents();
        try (RawNats router = RawNats.connect(server.port()).subscribe("namespace.>")) {
            worker.plane().publish(KV, STORED);
            worker.plane().publish(other, STORED);
            EventEnvelope one = EventEnvelope.read(router.next().payload(), EventCodec.LIMITS);
            EventEnvelope two = EventEnvelope.read(router.next().payload(), EventCodec.LIMITS);

            assertThat(two.publisherId()).isNotEqualTo(one.publisherId());
            assertThat(List.of(one.sequence(), two.sequence())).containsExactly(0L, 0L);
        }
    }

    @Test
    void aClosedPlaneNeitherPublishesNorHears() throws Exception {
        EventNode node = node("node", NatsEventConfig.DEFAULT);
        Heard<WorkerKvEvent> gone = node.hear(KV);
        try (RawNats anybody = RawNats.connect(server.port()).subscribe("dynamo.>")) {
            node.plane().close();
            node.plane().publish(KV, STORED);
            node.client().publish(() -> NatsMessage.of(READABLE, bytes("x")));

            assertThat(anybody.next().text()).isEqualTo("x");
        }
        await().until(() -> !server.page("/subsz?subs=1").contains("dynamo.kvcache"));
        assertThat(gone.all).isEmpty();
    }

    private EventNode node(String name, NatsEventConfig config) throws InterruptedException {
        EventNode node = EventNode.connect(server, name, config);
        nodes.add(node);
        return node;
    }

    private static void send(String subject, byte[] payload) throws IOException {
        try (RawNats sender = RawNats.connect(server.port())) {
            sender.publish(subject, payload).ping();
        }
    }

    private static byte[] envelope(long publisher, long sequence, WorkerKvEvent event) {
        return new EventEnvelope(
                        publisher, sequence, 0, "kv-events", KV.codec().dynamo().write(event))
                .write();
    }

    private static WorkerKvEvent event(long sequence, KvCacheEvent change) {
        return new WorkerKvEvent(new KvEventSource(new WorkerId(42), 255), sequence, change);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
