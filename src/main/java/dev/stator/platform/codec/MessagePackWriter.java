package dev.stator.platform.codec;

import org.msgpack.core.MessageBufferPacker;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Writes MessagePack element by element, for formats that a tree would cost too much for. Numbers
/// take their shortest form. Not thread-safe.
public final class MessagePackWriter implements AutoCloseable {
    private final MessageBufferPacker packer =
            org.msgpack.core.MessagePack.newDefaultBufferPacker();

    /// Begins an array; as many elements follow.
    public MessagePackWriter array(int size) {
        return write(() -> packer.packArrayHeader(size));
    }

    /// Begins a map; as many pairs follow.
    public MessagePackWriter map(int size) {
        return write(() -> packer.packMapHeader(size));
    }

    public MessagePackWriter nil() {
        return write(packer::packNil);
    }

    public MessagePackWriter string(String text) {
        return write(() -> packer.packString(text));
    }

    public MessagePackWriter integer(long number) {
        return write(() -> packer.packLong(number));
    }

    /// The bits of `number` as a number in `[0, 2^64)`.
    public MessagePackWriter unsigned(long number) {
        return write(() -> MessagePack.packUnsigned(packer, number));
    }

    /// Each `int` of the array as a number in `[0, 2^32)`.
    public MessagePackWriter unsignedInts(int[] numbers) {
        return write(
                () -> {
                    for (int number : numbers) {
                        packer.packLong(Integer.toUnsignedLong(number));
                    }
                });
    }

    public MessagePackWriter number(double number) {
        return write(() -> packer.packDouble(number));
    }

    /// What was written since the last call.
    public byte[] take() {
        byte[] bytes = packer.toByteArray();
        packer.clear();
        return bytes;
    }

    @Override
    public void close() {
        write(packer::close);
    }

    private MessagePackWriter write(Writing writing) {
        try {
            writing.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a buffer has no I/O to fail
        }
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }
}
