package dev.stator.platform.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// Arrays of numbers and small objects are kept in forms of their own, which nobody may notice.
class PackedFormsTest {

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void anArrayIsTheSameHoweverItIsKept(long seed) {
        List<JsonValue> items = items(new SplittableRandom(seed));
        var plain = new JsonArray(new ArrayList<>(items));
        var collector = new PackedNumbers.Collector(items.size(), 4);
        items.forEach(collector::add);

        for (JsonValue read :
                List.of(
                        collector.array(),
                        Json.parse(Json.write(plain), JsonLimits.REQUEST),
                        MessagePack.read(MessagePack.write(plain), JsonLimits.REQUEST))) {
            assertThat(read).isEqualTo(plain).hasSameHashCodeAs(plain);
            assertThat(plain).isEqualTo(read);
            assertThat(Json.write(read)).isEqualTo(Json.write(plain));
            assertThat(MessagePack.write(read)).isEqualTo(MessagePack.write(plain));
        }
    }

    @Test
    void numbersOfBothHalvesAreReadAsWhatTheyAre() {
        long[] bits = {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1};
        JsonObject object = new JsonObjectBuilder().putUnsigned("n", LongStream.of(bits)).build();
        byte[] packed = MessagePack.write(object);

        JsonField numbers = JsonField.root(MessagePack.read(packed, JsonLimits.REQUEST)).get("n");

        assertThat(numbers.unsignedLongs()).containsExactly(bits);
        assertThat(numbers.items().getLast().value().toString()).isEqualTo("18446744073709551615");
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void anObjectIsTheSameHoweverItIsKept(long seed) {
        var random = new SplittableRandom(seed);
        Map<String, JsonValue> members = new LinkedHashMap<>();
        var builder = new JsonObjectBuilder();
        for (int i = random.nextInt(3 * SmallObject.MEMBERS_MAX); i > 0; i--) {
            String name = "m" + random.nextInt(12);
            members.put(name, JsonNumber.of(i));
            builder.put(name, i);
        }

        JsonObject object = builder.build();

        assertThat(object.members()).isEqualTo(members).hasSameHashCodeAs(members);
        assertThat(members).isEqualTo(object.members());
        assertThat(object.members().keySet()).containsExactlyElementsOf(members.keySet());
        assertThat(new JsonObject(members)).isEqualTo(object);
        for (int i = 0; i < 12; i++) {
            assertThat(object.members().get("m" + i)).isEqualTo(members.get("m" + i));
            assertThat(object.members().containsKey("m" + i))
                    .isEqualTo(members.containsKey("m" + i));
        }
    }

    @Test
    void anObjectDoesNotChangeWithTheMapItWasMadeOf() {
        Map<String, JsonValue> members = new LinkedHashMap<>(Map.of("a", JsonNull.NULL));
        var object = new JsonObject(members);

        members.put("b", JsonNull.NULL);

        assertThat(object.members()).containsOnlyKeys("a");
    }

    /// Mostly whole numbers, of one half or of both, now and then something else.
    private static List<JsonValue> items(SplittableRandom random) {
        List<JsonValue> items = new ArrayList<>();
        int kinds = 1 + random.nextInt(5);
        for (int i = random.nextInt(40); i > 0; i--) {
            items.add(
                    switch (random.nextInt(kinds)) {
                        case 0 -> JsonNumber.of(random.nextInt(100_000));
                        case 1 -> JsonNumber.ofUnsigned(random.nextLong());
                        case 2 -> JsonNumber.of(-random.nextInt(300));
                        case 3 -> JsonNumber.of(random.nextDouble());
                        default -> random.nextBoolean() ? JsonBoolean.TRUE : new JsonString("" + i);
                    });
        }
        return items;
    }
}
