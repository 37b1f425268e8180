package dev.stator.platform.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class MessagePackTest {
    private static final JsonLimits LIMITS = new JsonLimits(8, 1 << 20, 1 << 16, 64);

    /// The shortest forms of the specification.
    @ParameterizedTest
    @CsvSource({
        "null, c0",
        "false, c2",
        "true, c3",
        "0, 00",
        "127, 7f",
        "128, cc80",
        "255, ccff",
        "256, cd0100",
        "65536, ce00010000",
        "4294967296, cf0000000100000000",
        "9223372036854775807, cf7fffffffffffffff",
        "9223372036854775808, cf8000000000000000",
        "18446744073709551615, cfffffffffffffffff",
        "-1, ff",
        "-32, e0",
        "-33, d0df",
        "-129, d1ff7f",
        "-32769, d2ffff7fff",
        "-2147483649, d3ffffffff7fffffff",
        "-9223372036854775808, d38000000000000000",
        "0.5, cb3fe0000000000000",
        "1.0, cb3ff0000000000000",
        "'\"\"', a0",
        "'\"é\"', a2c3a9",
        "[], 90",
        "'[1,[2]]', 92019102",
        "{}, 80",
        "'{\"b\":1,\"a\":{}}', 82a16201a16180"
    })
    void everyTreeHasOneForm(String json, String hex) {
        JsonValue tree = Json.parse(json, LIMITS);
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThat(MessagePack.write(tree)).isEqualTo(bytes);
        assertThat(MessagePack.read(bytes, LIMITS)).isEqualTo(tree);
    }

    /// Forms that other writers choose.
    @ParameterizedTest
    @CsvSource({
        "cd0005, 5",
        "cf0000000000000005, 5",
        "d300000000000000ff, 255",
        "ca3f000000, 0.5",
        "d903616263, '\"abc\"'",
        "da0001ff, '\"\uFFFD\"'",
        "db0000000161, '\"a\"'",
        "dc000101, [1]",
        "dd0000000101, [1]",
        "de0001a16101, '{\"a\":1}'",
        "df00000001a16101, '{\"a\":1}'",
        "c40200ff, '[0,255]'",
        "c5000100, [0]",
        "cb7ff0000000000000, null",
        "cb7ff8000000000000, null",
        "caff800000, null"
    })
    void otherFormsAreUnderstood(String hex, String json) {
        assertThat(MessagePack.read(HexFormat.of().parseHex(hex), LIMITS))
                .isEqualTo(Json.parse(json, LIMITS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "c1", // never used
                "0102", // something follows
                "c7010000", // an extension
                "d40100", // an extension of one byte
                "81a16101a1", // something follows the map
                "8101a161", // a number as name
                "82a16101a16102", // a name twice
                "ddffffffff", // an array longer than any
                "dfffffffff00",
                "dbffffffff61",
                "c6ffffffff00",
                "dd7fffffff01",
                "92", // two claimed, none there
                "91ca3f80" // cut off
            })
    void whatIsNoTreeIsRefused(String hex) {
        assertRefused(HexFormat.of().parseHex(hex), LIMITS);
    }

    @Test
    void limitsHold() {
        byte[] deep = new byte[9];
        Arrays.fill(deep, (byte) 0x91);
        deep[8] = 1;
        assertThat(MessagePack.read(deep, LIMITS)).isInstanceOf(JsonArray.class);
        assertRefused(deep, new JsonLimits(7, 100, 100, 64));
        assertRefused(deep, new JsonLimits(8, 8, 100, 64));
        byte[] text = MessagePack.write(new JsonString("12345"));
        assertRefused(text, new JsonLimits(8, 100, 4, 64));
    }

    /// Nested headers that each claim all the rest would reserve gigabytes if they were believed.
    @Test
    void claimsCostNothing() {
        byte[] claims = new byte[1 << 20];
        for (int i = 0; i < 8; i++) {
            claims[i * 5] = (byte) 0xdd;
            claims[i * 5 + 2] = 0x0f;
        }
        claims[40] = (byte) 0xc1;
        assertRefused(claims, LIMITS);
    }

    @Test
    void numbersBeyond64BitsAreNotWritten() {
        for (String literal : List.of("18446744073709551616", "-9223372036854775809")) {
            assertThatThrownBy(() -> MessagePack.write(JsonNumber.of(literal)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aMapHoldsBytesNumbersAndTrees() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("n", -1L);
        members.put("b", new byte[] {1, 2});
        members.put("t", JsonBoolean.TRUE);
        byte[] bytes = MessagePack.writeMap(members);

        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("83" + "a16e" + "cfffffffffffffffff" + "a162" + "c4020102" + "a174c3");
        try (var reader = new MessagePackReader(bytes, LIMITS)) {
            assertThat(reader.map()).isEqualTo(3);
            assertThat(reader.string()).isEqualTo("n");
            assertThat(reader.integer()).isEqualTo(-1);
            reader.skip();
            assertThat(reader.next()).isEqualTo(MessagePackReader.Kind.BYTES);
            assertThat(reader.bytes()).containsExactly(1, 2);
            assertThatThrownBy(reader::requireEnd).isInstanceOf(JsonException.class);
            assertThat(reader.string()).isEqualTo("t");
            assertThat(reader.bool()).isTrue();
            reader.requireEnd();
        }
        assertThatThrownBy(() -> MessagePack.writeMap(Map.of("a", "text")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithThePackerOfTheLibrary(long seed) throws IOException {
        JsonValue tree = random(new SplittableRandom(seed), 3);
        byte[] bytes = MessagePack.write(tree);

        assertThat(bytes).isEqualTo(packed(tree));
        assertThat(MessagePack.read(bytes, LIMITS)).isEqualTo(tree);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void aMessageThatIsCutOffAnywhereIsRefused(long seed) {
        byte[] bytes = MessagePack.write(random(new SplittableRandom(seed), 2));
        for (int length = 0; length < bytes.length; length++) {
            assertRefused(Arrays.copyOf(bytes, length), LIMITS);
        }
    }

    /// Whatever comes: a tree, or `JsonException`.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void garbageIsATreeOrRefused(long seed) {
        var random = new SplittableRandom(seed);
        byte[] bytes = MessagePack.write(random(random, 2));
        for (int i = 0; i < 20; i++) {
            byte[] mutated = bytes.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            try {
                MessagePack.write(MessagePack.read(mutated, LIMITS));
            } catch (JsonException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    private static void assertRefused(byte[] bytes, JsonLimits limits) {
        assertThatThrownBy(() -> MessagePack.read(bytes, limits))
                .as(HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 64)))
                .isInstanceOf(JsonException.class);
    }

    private static JsonValue random(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 9)) {
            case 0 -> JsonNull.NULL;
            case 1 -> JsonBoolean.of(random.nextBoolean());
            case 2 -> JsonNumber.of(random.nextLong() >> random.nextInt(64));
            case 3 -> JsonNumber.ofUnsigned(random.nextLong() >>> random.nextInt(64));
            case 4 -> JsonNumber.of(random.nextDouble(-1e9, 1e9));
            case 5 -> new JsonString(text(random));
            case 6 -> array(random, depth);
            default -> object(random, depth);
        };
    }

    private static JsonArray array(SplittableRandom random, int depth) {
        List<JsonValue> items = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            items.add(random(random, depth - 1));
        }
        return new JsonArray(items);
    }

    private static JsonObject object(SplittableRandom random, int depth) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            members.put(text(random), random(random, depth - 1));
        }
        return new JsonObject(members);
    }

    private static String text(SplittableRandom random) {
        return "aé€😀".repeat(random.nextInt(3)) + Long.toHexString(random.nextLong());
    }

    private static byte[] packed(JsonValue tree) throws IOException {
        try (var packer = org.msgpack.core.MessagePack.newDefaultBufferPacker()) {
            pack(packer, tree);
            return packer.toByteArray();
        }
    }

    private static void pack(org.msgpack.core.MessagePacker packer, JsonValue tree)
            throws IOException {
        switch (tree) {
            case JsonObject(var members) -> {
                packer.packMapHeader(members.size());
                for (var member : members.entrySet()) {
                    packer.packString(member.getKey());
                    pack(packer, member.getValue());
                }
            }
            case JsonArray(var items) -> {
                packer.packArrayHeader(items.size());
                for (JsonValue item : items) {
                    pack(packer, item);
                }
            }
            case JsonString(var text) -> packer.packString(text);
            case JsonNumber number when number.isInteger() ->
                    packer.packBigInteger(new BigInteger(number.literal()));
            case JsonNumber number -> packer.packDouble(Double.parseDouble(number.literal()));
            case JsonBoolean truth -> packer.packBoolean(truth.value());
            case JsonNull _ -> packer.packNil();
        }
    }
}
