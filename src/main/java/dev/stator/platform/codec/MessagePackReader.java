package dev.stator.platform.codec;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessageInsufficientBufferException;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageSizeException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Reads MessagePack element by element, for formats that a tree would cost too much for, or that
/// hold byte strings. Every method throws `JsonException` when the next element is another one, or
/// claims more than there is.
public final class MessagePackReader implements AutoCloseable {

    /// Elements that a container has room for before the first is read. What a header claims costs
    /// nothing to write, so it must cost nothing to believe.
    private static final int ROOM_MAX = 1_024;

    private static final int NAMES_MAX = 32; // a power of two
    private static final int NAME_BYTES_MAX = 32;
    private static final VarHandle BIG_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageUnpacker unpacker;
    private final int length;
    private final JsonLimits limits;
    private final byte[] scratch = new byte[NAME_BYTES_MAX];
    private final @Nullable String[] names = new String[NAMES_MAX]; // met before

    public MessagePackReader(byte[] bytes, JsonLimits limits) {
        if (bytes.length > limits.documentCharsMax()) {
            throw new JsonException(
                    "the message has %d bytes, more than %d"
                            .formatted(bytes.length, limits.documentCharsMax()));
        }
        this.unpacker = org.msgpack.core.MessagePack.newDefaultUnpacker(bytes);
        this.length = bytes.length;
        this.limits = limits;
    }

    /// What comes next.
    public enum Kind {
        NIL,
        BOOLEAN,
        INTEGER,
        FLOAT,
        STRING,
        BYTES,
        ARRAY,
        MAP
    }

    public Kind next() {
        return read(
                () ->
                        switch (unpacker.getNextFormat().getValueType()) {
                            case NIL -> Kind.NIL;
                            case BOOLEAN -> Kind.BOOLEAN;
                            case INTEGER -> Kind.INTEGER;
                            case FLOAT -> Kind.FLOAT;
                            case STRING -> Kind.STRING;
                            case BINARY -> Kind.BYTES;
                            case ARRAY -> Kind.ARRAY;
                            case MAP -> Kind.MAP;
                            case EXTENSION -> throw wrong("an extension type is not understood");
                        });
    }

    /// Whether nil was next; then it is consumed.
    public boolean skipNil() {
        return read(unpacker::tryUnpackNil);
    }

    /// Elements of the array that begins.
    public int array() {
        return claimed(read(unpacker::unpackArrayHeader), 1);
    }

    /// Pairs of the map that begins.
    public int map() {
        return claimed(read(unpacker::unpackMapHeader), 2);
    }

    public String string() {
        return read(() -> string(claimed(unpacker.unpackRawStringHeader(), 1)));
    }

    public byte[] bytes() {
        return read(() -> unpacker.readPayload(claimed(unpacker.unpackBinaryHeader(), 1)));
    }

    /// A number in `[-2^63, 2^64)` as the bits of a `long`.
    public long integer() {
        return read(
                () ->
                        unpacker.getNextFormat() == MessageFormat.UINT64
                                ? unsignedBits()
                                : unpacker.unpackLong());
    }

    /// The next `count` elements, each a number in `[0, 2^32)` as the bits of an `int`.
    public int[] unsignedInts(int count) {
        return read(
                () -> {
                    int[] numbers = new int[count];
                    for (int i = 0; i < count; i++) {
                        long number = unpacker.unpackLong();
                        if (number >>> Integer.SIZE != 0) {
                            throw wrong("a number exceeds 32 bits: " + number);
                        }
                        numbers[i] = (int) number;
                    }
                    return numbers;
                });
    }

    public double number() {
        return read(
                () ->
                        unpacker.getNextFormat().getValueType() == ValueType.INTEGER
                                ? unpacker.unpackBigInteger().doubleValue()
                                : unpacker.unpackDouble());
    }

    public boolean bool() {
        return read(unpacker::unpackBoolean);
    }

    public void skip() {
        read(
                () -> {
                    unpacker.skipValue();
                    return true;
                });
    }

    /// The next element as a tree. Byte strings become arrays of numbers; NaN and infinities, which
    /// trees cannot hold, become null.
    public JsonValue value() {
        return value(0);
    }

    /// Throws when anything follows.
    public void requireEnd() {
        if (unpacker.getTotalReadBytes() != length) {
            throw new JsonException("something follows the message at byte " + position());
        }
    }

    @Override
    public void close() {
        read(
                () -> {
                    unpacker.close();
                    return true;
                });
    }

    /// Recursion is bounded by `JsonLimits.depthMax`.
    private JsonValue value(int depth) {
        if (depth > limits.depthMax()) {
            throw new JsonException("nested deeper than " + limits.depthMax());
        }
        return switch (next()) {
            case NIL -> {
                skipNil();
                yield JsonNull.NULL;
            }
            case BOOLEAN -> JsonBoolean.of(bool());
            case INTEGER -> integerValue();
            case FLOAT -> floatValue();
            case STRING -> new JsonString(string());
            case BYTES -> byteValues();
            case ARRAY -> arrayValue(depth);
            case MAP -> mapValue(depth);
        };
    }

    private String string(int bytes) throws IOException {
        if (bytes > limits.stringCharsMax()) {
            throw wrong("a string has more bytes than " + limits.stringCharsMax());
        }
        return new String(unpacker.readPayload(bytes), StandardCharsets.UTF_8);
    }

    /// Of a 64-bit unsigned number with its format byte; as a `long` it would be refused.
    private long unsignedBits() throws IOException {
        unpacker.readPayload(scratch, 0, 1 + Long.BYTES);
        return (long) BIG_ENDIAN_LONG.get(scratch, 1);
    }

    private JsonNumber integerValue() {
        return read(
                () ->
                        unpacker.getNextFormat() == MessageFormat.UINT64
                                ? JsonNumber.ofUnsigned(unsignedBits())
                                : JsonNumber.of(unpacker.unpackLong()));
    }

    /// JSON has no infinities; its writers put null in their place.
    private JsonValue floatValue() {
        double number = number();
        return Double.isFinite(number) ? JsonNumber.of(number) : JsonNull.NULL;
    }

    private JsonArray byteValues() {
        byte[] bytes = bytes();
        var items = new PackedNumbers.Collector(bytes.length, bytes.length);
        for (byte each : bytes) {
            items.addLong(Byte.toUnsignedInt(each));
        }
        return items.array();
    }

    private JsonArray arrayValue(int depth) {
        int size = array();
        var items = new PackedNumbers.Collector(size, ROOM_MAX);
        int read = depth < limits.depthMax() ? integersInto(items, size) : 0;
        for (; read < size; read++) {
            items.add(value(depth + 1));
        }
        return items.array();
    }

    /// Reads items while they are whole numbers; how many.
    private int integersInto(PackedNumbers.Collector items, int size) {
        return read(
                () -> {
                    int count = 0;
                    for (; count < size; count++) {
                        MessageFormat format = unpacker.getNextFormat();
                        if (format == MessageFormat.UINT64) {
                            items.addUnsigned(unsignedBits());
                        } else if (format.getValueType() == ValueType.INTEGER) {
                            items.addLong(unpacker.unpackLong());
                        } else {
                            break;
                        }
                    }
                    return count;
                });
    }

    private JsonObject mapValue(int depth) {
        int size = map();
        var members = new SmallObject.Collector(Math.min(size, ROOM_MAX));
        for (int i = 0; i < size; i++) {
            String name = name();
            if (members.put(name, value(depth + 1))) {
                throw wrong("the member '" + name + "' is there twice");
            }
        }
        return new JsonObject(members.members());
    }

    /// A string. Short ones are made once however often they come, for an array of a thousand maps
    /// has the same few names a thousand times.
    private String name() {
        return read(
                () -> {
                    int bytes = claimed(unpacker.unpackRawStringHeader(), 1);
                    if (bytes == 0 || bytes > NAME_BYTES_MAX) {
                        return string(bytes);
                    }
                    unpacker.readPayload(scratch, 0, bytes);
                    int slot = (31 * bytes + scratch[bytes - 1]) & (NAMES_MAX - 1);
                    String known = names[slot];
                    if (known == null || !isRead(known, bytes)) {
                        known = new String(scratch, 0, bytes, StandardCharsets.UTF_8);
                        names[slot] = known;
                    }
                    return known;
                });
    }

    /// Whether the bytes just read spell `name`.
    private boolean isRead(String name, int bytes) {
        if (name.length() != bytes) {
            return false;
        }
        for (int i = 0; i < bytes; i++) {
            if (name.charAt(i) != scratch[i]) {
                return false;
            }
        }
        return true;
    }

    /// A header may not promise more than the rest of the message could hold.
    private int claimed(int count, int bytesEach) {
        if (count < 0 || (long) count * bytesEach > length - unpacker.getTotalReadBytes()) {
            throw new JsonException(
                    "an element claims %d parts, more than the message has".formatted(count));
        }
        return count;
    }

    private JsonException wrong(String problem) {
        return new JsonException(problem + " at byte " + position());
    }

    private long position() {
        return unpacker.getTotalReadBytes();
    }

    private <T> T read(Reading<T> reading) {
        try {
            return reading.run();
        } catch (MessageInsufficientBufferException | MessageSizeException _) {
            throw wrong("the message claims more than it has");
        } catch (IOException | MessagePackException e) {
            throw wrong("the message is not as expected: " + e.getMessage());
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T run() throws IOException;
    }
}
