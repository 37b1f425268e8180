package dev.stator.engine.cpu.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes safetensors files, right and wrong ones.
final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /// A file with the given header and `dataBytes` zeros behind it.
    static byte[] of(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return withLength(json.length, json, dataBytes);
    }

    /// A file that claims a header of `headerBytes`.
    static byte[] withLength(long headerBytes, byte[] json, int dataBytes) {
        return ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerBytes)
                .put(json)
                .array();
    }

    /// A sound file with F32 tensors of these shapes, one after the other, all zero.
    static byte[] zeros(Map<String, List<Integer>> shapes) {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        int offset = 0;
        for (Map.Entry<String, List<Integer>> tensor : shapes.entrySet()) {
            int end = offset + tensor.getValue().stream().reduce(4, (a, b) -> a * b);
            header.append(
                    ",\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.getKey(), tensor.getValue(), offset, end));
            offset = end;
        }
        return of(header.append('}').toString(), offset);
    }

    /// These shapes with one more or one changed.
    static Map<String, List<Integer>> with(
            Map<String, List<Integer>> shapes, String name, List<Integer> shape) {
        Map<String, List<Integer>> changed = new LinkedHashMap<>(shapes);
        changed.put(name, shape);
        return changed;
    }

    static MemorySegment segment(byte[] file) {
        MemorySegment segment = Arena.ofAuto().allocate(Math.max(1, file.length));
        MemorySegment.copy(file, 0, segment, ValueLayout.JAVA_BYTE, 0, file.length);
        return segment.asSlice(0, file.length);
    }
}
