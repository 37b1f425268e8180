package dev.stator.runtime.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.MessagePack;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class EventEnvelopeTest {

    /// Packed by Python's msgpack 1.2.4 from the members of `GOLDEN`.
    private static final String GOLDEN_HEX =
            """
            85ac7075626c69736865725f696407a873657175656e636500ac7075626c69736865645f6174cf00\
            00018bcfe56800a5746f706963a96b762d6576656e7473a77061796c6f6164c4a683a9776f726b65\
            725f69642aac73746f726167655f74696572a6646576696365a56576656e7483a86576656e745f69\
            6401a46461746181a673746f72656483ab706172656e745f68617368c0ae73746172745f706f7369\
            74696f6ec0a6626c6f636b739183aa626c6f636b5f68617368cfcb38e4d7fb2dca5cab746f6b656e\
            735f68617368cfcb38e4d7fb2dca5cad6d6d5f65787472615f696e666fc0a764705f72616e6b00\
            """;

    private static final byte[] GOLDEN_BYTES = HexFormat.of().parseHex(GOLDEN_HEX);

    private static final EventEnvelope GOLDEN =
            new EventEnvelope(
                    7,
                    0,
                    1_700_000_000_000L,
                    "kv-events",
                    Json.parse(
                            """
                            {"worker_id": 42, "storage_tier": "device",
                             "event": {"event_id": 1,
                                       "data": {"stored": {
                                           "parent_hash": null, "start_position": null,
                                           "blocks": [{"block_hash": 14643705804678351452,
                                                       "tokens_hash": 14643705804678351452,
                                                       "mm_extra_info": null}]}},
                                       "dp_rank": 0}}
                            """,
                            JsonLimits.REQUEST));

    @Test
    void writesTheBytesOfDynamo() {
        assertThat(GOLDEN.write()).hasSize(239).isEqualTo(GOLDEN_BYTES);
    }

    @Test
    void readsTheBytesOfDynamo() {
        assertThat(read(GOLDEN_BYTES)).isEqualTo(GOLDEN);
    }

    @Test
    void takesMembersInAnyOrderAndSkipsUnknownOnes() {
        assertThat(read(MessagePack.write(shuffled()))).isEqualTo(GOLDEN);
    }

    @Test
    void numbersTakeAll64Bits() {
        var extreme = new EventEnvelope(-1, -2, Long.MAX_VALUE, "", JsonObject.EMPTY);

        assertThat(read(extreme.write())).isEqualTo(extreme);
    }

    @Test
    void namesTheMemberThatIsMissing() {
        for (String name :
                List.of("publisher_id", "sequence", "published_at", "topic", "payload")) {
            Map<String, JsonValue> members = new LinkedHashMap<>(shuffled().members());
            members.remove(name);

            assertThatThrownBy(() -> read(MessagePack.write(new JsonObject(members))))
                    .isInstanceOf(JsonException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void refusesEveryTruncation() {
        for (int length = 0; length < GOLDEN_BYTES.length; length++) {
            byte[] truncated = Arrays.copyOf(GOLDEN_BYTES, length);

            assertThatThrownBy(() -> read(truncated)).isInstanceOf(JsonException.class);
        }
    }

    @Test
    void refusesWhatFollows() {
        byte[] longer = Arrays.copyOf(GOLDEN_BYTES, GOLDEN_BYTES.length + 1);

        assertThatThrownBy(() -> read(longer)).isInstanceOf(JsonException.class);
    }

    @Test
    void refusesNumbersThatAreNoBytes() {
        JsonObject wrong =
                new JsonObjectBuilder()
                        .put("payload", new JsonArray(List.of(JsonNumber.of(256))))
                        .build();

        assertThatThrownBy(() -> read(MessagePack.write(wrong)))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("payload[0]")
                .hasMessageContaining("256");
    }

    private static EventEnvelope read(byte[] bytes) {
        return EventEnvelope.read(bytes, EventCodec.LIMITS);
    }

    /// The golden members in another order and with more, the payload as an array of numbers.
    private static JsonObject shuffled() {
        List<JsonValue> payload = new ArrayList<>();
        for (byte each : MessagePack.write(GOLDEN.payload())) {
            payload.add(JsonNumber.of(Byte.toUnsignedInt(each)));
        }
        return new JsonObjectBuilder()
                .putAll("payload", payload)
                .putAll("later", List.of(JsonNumber.of(1), JsonObject.EMPTY))
                .put("topic", "kv-events")
                .put("published_at_ns", 5)
                .put("published_at", 1_700_000_000_000L)
                .put("sequence", 0)
                .put("publisher_id", 7)
                .build();
    }
}
