package dev.stator.engine.cpu.weights;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonFieldException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// One safetensors file, mapped: an 8-byte header length, a JSON header, then the tensors' bytes.
final class SafetensorsFile {
    /// What the format allows.
    static final long HEADER_BYTES_MAX = 100_000_000;

    private static final int LENGTH_BYTES = 8;
    private static final ValueLayout.OfLong LENGTH =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final SafetensorsHeader header;
    private final MemorySegment data;

    private SafetensorsFile(Path path, SafetensorsHeader header, MemorySegment data) {
        this.path = path;
        this.header = header;
        this.data = data;
    }

    /// Maps the file until `arena` closes. Throws `WeightsException` on every damage of the header.
    static SafetensorsFile open(Path path, Arena arena) {
        return of(path, map(path, arena));
    }

    /// The file whose bytes are `content`; `path` is only named in complaints.
    static SafetensorsFile of(Path path, MemorySegment content) {
        try {
            return parse(path, content);
        } catch (JsonException | JsonFieldException | WeightsException e) {
            throw new WeightsException(path + ": " + e.getMessage(), e);
        }
    }

    boolean contains(String name) {
        return header.entries().containsKey(name);
    }

    /// Throws `WeightsException` when there is no such tensor or its type is not one we read.
    Tensor tensor(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new WeightsException(path + ": there is no tensor '" + name + "'");
        }
        DType type =
                switch (entry.type()) {
                    case "F32" -> DType.F32;
                    case "F16" -> DType.F16;
                    case "BF16" -> DType.BF16;
                    default ->
                            throw new WeightsException(
                                    "%s: '%s.dtype' must be F32, F16 or BF16: %s"
                                            .formatted(path, name, entry.type()));
                };
        return new Tensor(
                name,
                type,
                entry.shape(),
                data.asSlice(entry.begin(), entry.end() - entry.begin()));
    }

    private static MemorySegment map(Path path, Arena arena) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new WeightsException(path + ": cannot be read: " + e, e);
        }
    }

    private static SafetensorsFile parse(Path path, MemorySegment file) {
        if (file.byteSize() < LENGTH_BYTES) {
            throw new WeightsException(
                    "is truncated: " + file.byteSize() + " bytes are not even a header length");
        }
        long headerBytes = file.get(LENGTH, 0);
        long room = file.byteSize() - LENGTH_BYTES;
        if (headerBytes < 0 || headerBytes > HEADER_BYTES_MAX || headerBytes > room) {
            throw new WeightsException(
                    "header length must be at most %d and %d, the rest of the file: %s"
                            .formatted(HEADER_BYTES_MAX, room, Long.toUnsignedString(headerBytes)));
        }
        byte[] json = file.asSlice(LENGTH_BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment data = file.asSlice(LENGTH_BYTES + headerBytes);
        return new SafetensorsFile(path, SafetensorsHeader.parse(json, data.byteSize()), data);
    }
}
