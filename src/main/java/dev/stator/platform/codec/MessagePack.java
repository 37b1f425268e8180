package dev.stator.platform.codec;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack.PackerConfig;
import org.msgpack.core.MessagePacker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;

/// Trees as MessagePack: objects are maps with string keys, whole numbers take their shortest form
/// in `[-2^63, 2^64)`, other numbers are doubles.
///
/// A value has one form here, so equal trees give equal bytes.
public final class MessagePack {

    /// Most messages are one token; the packer would take 8 KiB for each.
    private static final int BUFFER_BYTES = 512;

    private static final PackerConfig PACKER =
            org.msgpack.core.MessagePack.DEFAULT_PACKER_CONFIG.withBufferSize(BUFFER_BYTES);

    private static final byte UINT64 = (byte) 0xcf;

    private MessagePack() {}

    /// Throws `IllegalArgumentException` on a whole number outside of `[-2^63, 2^64)`.
    public static byte[] write(JsonValue value) {
        return write(packer -> pack(packer, value));
    }

    /// A map with string keys whose values are trees, byte strings (`byte[]`) and unsigned numbers
    /// (`Long`); for envelopes, whose payload is a byte string.
    public static byte[] writeMap(Map<String, Object> members) {
        return write(
                packer -> {
                    packer.packMapHeader(members.size());
                    for (var member : members.entrySet()) {
                        packer.packString(member.getKey());
                        packMember(packer, member.getValue());
                    }
                });
    }

    /// Reads one tree. Byte strings are not trees: they become arrays of numbers.
    ///
    /// Throws `JsonException` when it is not MessagePack, not a tree or exceeds a limit.
    public static JsonValue read(byte[] bytes, JsonLimits limits) {
        try (var reader = new MessagePackReader(bytes, limits)) {
            JsonValue value = reader.value();
            reader.requireEnd();
            return value;
        }
    }

    private static void packMember(MessagePacker packer, Object value) throws IOException {
        switch (value) {
            case byte[] bytes -> packer.packBinaryHeader(bytes.length).writePayload(bytes);
            case Long number -> packUnsigned(packer, number);
            case JsonValue tree -> pack(packer, tree);
            default ->
                    throw new IllegalArgumentException(
                            "must be bytes, a number or a tree: " + value.getClass());
        }
    }

    /// The bits of `number` as a number in `[0, 2^64)`, in its shortest form.
    static void packUnsigned(MessagePacker packer, long number) throws IOException {
        if (number >= 0) {
            packer.packLong(number);
        } else {
            packer.writePayload(ByteBuffer.allocate(9).put(UINT64).putLong(number).array());
        }
    }

    private static void pack(MessagePacker packer, JsonValue value) throws IOException {
        switch (value) {
            case JsonObject(var members) -> {
                packer.packMapHeader(members.size());
                for (var member : members.entrySet()) {
                    packer.packString(member.getKey());
                    pack(packer, member.getValue());
                }
            }
            case JsonArray(var items) when items instanceof PackedNumbers numbers ->
                    pack(packer, numbers);
            case JsonArray(var items) -> {
                packer.packArrayHeader(items.size());
                for (JsonValue item : items) {
                    pack(packer, item);
                }
            }
            case JsonString(var text) -> packer.packString(text);
            case JsonNumber number -> pack(packer, number);
            case JsonBoolean truth -> packer.packBoolean(truth.value());
            case JsonNull _ -> packer.packNil();
        }
    }

    private static void pack(MessagePacker packer, PackedNumbers numbers) throws IOException {
        packer.packArrayHeader(numbers.size());
        for (int i = 0; i < numbers.size(); i++) {
            if (numbers.isLong(i)) {
                packer.packLong(numbers.bits(i));
            } else {
                packUnsigned(packer, numbers.bits(i));
            }
        }
    }

    private static void pack(MessagePacker packer, JsonNumber number) throws IOException {
        if (number.isLong()) {
            packer.packLong(number.longValue());
        } else if (!number.isInteger()) {
            packer.packDouble(number.doubleValue());
        } else if (number.isUnsignedLong()) {
            packUnsigned(packer, number.longValue());
        } else {
            packer.packBigInteger(number.bigInteger());
        }
    }

    private static byte[] write(Packing packing) {
        try (MessageBufferPacker packer = PACKER.newBufferPacker()) {
            packing.run(packer);
            return packer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a buffer has no I/O to fail
        }
    }

    @FunctionalInterface
    private interface Packing {
        void run(MessagePacker packer) throws IOException;
    }
}
