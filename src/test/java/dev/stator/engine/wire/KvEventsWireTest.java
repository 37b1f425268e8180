package dev.stator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.runtime.events.EventCodec;
import dev.stator.runtime.events.EventForm;
import dev.stator.runtime.events.EventLayout;
import dev.stator.testing.GoldenMessages;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

class KvEventsWireTest {
    private static final long HASH = 0xcb38e4d7fb2dca5cL;
    private static final EventCodec<WorkerKvEvent> CODEC =
            WorkerProtocol.in("dynamo").kvEvents().codec();

    @Test
    void dynamosEventsAreWrittenAndReadByteForByte() {
        assertDynamo("stored", event(42, 1, stored(Optional.empty(), block(HASH, HASH))));
        assertDynamo(
                "stored below a parent",
                event(-2, 2, stored(name(HASH), block(-1, 9), block(1, Long.MIN_VALUE))));
        assertDynamo(
                "removed",
                event(42, 3, new Removed(List.of(new SequenceHash(HASH), new SequenceHash(1)))));
        assertDynamo("cleared", event(42, 4, new Cleared()));
        assertDynamo(
                "stored by rank 1",
                new WorkerKvEvent(
                        new KvEventSource(new WorkerId(42, 1), 0),
                        5,
                        stored(Optional.empty(), block(HASH, HASH))));
    }

    @Test
    void theStoredEventIsThePublishedExample() {
        byte[] bytes = GoldenMessages.named("stored").messagePack();
        assertThat(bytes).hasSize(166).startsWith(0x83, 0xa9, 'w', 'o', 'r', 'k', 'e', 'r');
    }

    @Test
    void subjectsAreThoseOfTheLayouts() {
        WorkerKvEvent stored = event(42, 1, stored(Optional.empty()));
        WorkerKvEvent cleared = event(-1, 2, new Cleared());

        assertThat(CODEC.readable().subject(stored)).isEqualTo("dynamo.kvcache.42.update");
        assertThat(CODEC.readable().subject(cleared))
                .isEqualTo("dynamo.kvcache.18446744073709551615.evict");
        assertThat(CODEC.dynamo().subject(stored))
                .isEqualTo("namespace.dynamo.component.backend.endpoint.generate.kv-events");
        assertThat(CODEC.dynamo().patterns())
                .containsExactly(
                        "namespace.dynamo.component.backend.endpoint.*.kv-events",
                        "namespace.dynamo.component.backend.kv-events");
    }

    @Test
    void aReadableEventIsOneFlatObject() {
        var event =
                new WorkerKvEvent(
                        new KvEventSource(new WorkerId(42), 0x9f),
                        7,
                        stored(name(3), block(-1, 8)));

        for (JsonField carried :
                Wire.messages(
                        """
                        {"type":"BlockStored","worker_id":42,"incarnation":"9f","event_id":7,
                         "dp_rank":0,"parent_block_hash":3,"block_hashes":[18446744073709551615],
                         "tokens_hashes":[8]}\
                        """)) {
            assertThat(CODEC.readable().read(carried)).isEqualTo(event);
            assertThat(CODEC.readable().write(event)).isEqualTo(carried.value());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void everyEventSurvivesBothLayoutsInBothFormats(long seed) {
        WorkerKvEvent event = random(new SplittableRandom(seed));
        for (EventLayout layout : EventLayout.values()) {
            EventForm<WorkerKvEvent> form = CODEC.form(layout);
            for (WireFormat format : WireFormat.values()) {
                assertThat(form.read(format.carry(form.write(event))))
                        .as(layout + " " + format)
                        .isEqualTo(event);
            }
        }
    }

    @Test
    void whatNewerWritersAddIsIgnored() {
        WorkerKvEvent expected = event(42, 1, stored(Optional.empty(), block(7, 9)));
        for (JsonField newer :
                Wire.messages(
                        """
                        {"worker_id":42,"residency_domain":"worker","event":{"event_id":1,"data":
                         {"stored":{"parent_hash":null,"blocks":[{"block_hash":7,"tokens_hash":9,
                          "mm_extra_info":{"mm_objects":[{"mm_hash":5,"offsets":[[0,4]]}]}}],
                          "group":3}}},"state_source":{"kind":"agent"}}\
                        """)) {
            assertThat(RouterEventJson.read(newer)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"device,DEVICE", "host_pinned,HOST", "disk,DISK"})
    void tiersHaveDynamosNames(String name, StorageTier tier) {
        var removed = event(42, 9, new Removed(List.of(new SequenceHash(7)), tier));
        JsonField dynamo =
                Wire.message(
                        """
                        {"worker_id":42,"storage_tier":"%s","event":{"event_id":9,"data":
                         {"removed":{"block_hashes":[7]}},"dp_rank":0}}\
                        """
                                .formatted(name));

        assertThat(RouterEventJson.read(dynamo)).isEqualTo(removed);
        assertThat(RouterEventJson.write(removed)).isEqualTo(dynamo.value());
    }

    @ParameterizedTest
    @CsvSource({"external", "somewhere"})
    void whatHappensInForeignTiersCountsAndChangesNothing(String tier) {
        JsonField event =
                Wire.message(
                        """
                        {"worker_id":42,"storage_tier":"%s","event":{"event_id":9,"data":
                         {"removed":{"block_hashes":[7]}},"dp_rank":0}}\
                        """
                                .formatted(tier));

        assertThat(RouterEventJson.read(event)).isEqualTo(event(42, 9, new Removed(List.of())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"event":{"event_id":1,"data":"cleared"}}                   | worker_id
                    {"worker_id":-1,"event":{"event_id":1,"data":"cleared"}}    | worker_id
                    {"worker_id":1}                                             | event
                    {"worker_id":1,"event":{"event_id":"a","data":"cleared"}}   | event.event_id
                    {"worker_id":1,"event":{"event_id":1,"data":"wiped"}}       | event.data
                    {"worker_id":1,"event":{"event_id":1,"data":{"moved":{}}}}  | event.data
                    {"worker_id":1,"event":{"event_id":1}}                      | event.data
                    {"worker_id":1,"event":{"event_id":1,"data":"cleared","dp_rank":-1}} | dp_rank
                    {"worker_id":1,"event":{"event_id":1,"data":{"removed":{"block_hashes":[1,\
                    "x"]}}}} \
                    | event.data.removed.block_hashes[1]
                    {"worker_id":1,"incarnation":"x","event":{"event_id":1,"data":"cleared"}} \
                    | incarnation
                    """)
    void complaintsNameTheMember(String json, String member) {
        assertThatThrownBy(() -> RouterEventJson.read(Wire.message(json)))
                .isInstanceOf(JsonFieldException.class)
                .hasMessageContaining(member);
    }

    @Test
    void aReadableEventNeedsAHashOfTokensForEachBlock() {
        JsonField event =
                Wire.message(
                        """
                        {"type":"BlockStored","worker_id":1,"event_id":1,"parent_block_hash":null,
                         "block_hashes":[1,2],"tokens_hashes":[1]}\
                        """);
        assertThatThrownBy(() -> CODEC.readable().read(event))
                .hasMessageContaining("tokens_hashes")
                .hasMessageContaining("as many");
    }

    private static void assertDynamo(String name, WorkerKvEvent event) {
        Wire.assertGolden(name, event, RouterEventJson::write, RouterEventJson::read);
    }

    /// From a worker that is not ours.
    private static WorkerKvEvent event(long worker, long sequence, KvCacheEvent event) {
        return new WorkerKvEvent(new KvEventSource(new WorkerId(worker), 0), sequence, event);
    }

    private static WorkerKvEvent random(SplittableRandom random) {
        KvCacheEvent event =
                switch (random.nextInt(4)) {
                    case 0 -> new Cleared();
                    case 1 ->
                            new Removed(
                                    random.longs(random.nextInt(5))
                                            .mapToObj(SequenceHash::new)
                                            .toList(),
                                    tier(random));
                    default ->
                            new Stored(
                                    random.nextBoolean()
                                            ? name(random.nextLong())
                                            : Optional.empty(),
                                    Stream.generate(
                                                    () ->
                                                            block(
                                                                    random.nextLong(),
                                                                    random.nextLong()))
                                            .limit(random.nextInt(5))
                                            .toList(),
                                    tier(random));
                };
        return new WorkerKvEvent(
                new KvEventSource(
                        new WorkerId(random.nextLong(), random.nextInt(3)), random.nextLong()),
                random.nextLong() >>> random.nextInt(64),
                event);
    }

    @SuppressWarnings("EnumOrdinal") // any tier will do
    private static StorageTier tier(SplittableRandom random) {
        return StorageTier.values()[random.nextInt(StorageTier.values().length)];
    }

    private static Stored stored(Optional<SequenceHash> parent, StoredBlock... blocks) {
        return new Stored(parent, List.of(blocks));
    }

    private static Optional<SequenceHash> name(long hash) {
        return Optional.of(new SequenceHash(hash));
    }

    private static StoredBlock block(long name, long tokens) {
        return new StoredBlock(new SequenceHash(name), new BlockHash(tokens));
    }
}
