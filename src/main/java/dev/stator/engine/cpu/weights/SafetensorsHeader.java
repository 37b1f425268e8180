package dev.stator.engine.cpu.weights;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The table of contents at the start of a safetensors file.
///
/// @param entries by tensor name
record SafetensorsHeader(Map<String, Entry> entries) {
    private static final JsonLimits LIMITS = new JsonLimits(8, 100_000_000, 1 << 20, 24);
    private static final int DIMENSIONS_MAX = 8;
    private static final String METADATA = "__metadata__";

    /// Where a tensor's bytes are, relative to the end of the header.
    ///
    /// @param type the format's name for it, which may be one we do not read
    record Entry(String type, List<Integer> shape, long begin, long end) {}

    /// Checks that the tensors fill the `dataBytes` behind the header without gap or overlap.
    /// Throws `JsonException` and `JsonFieldException`.
    static SafetensorsHeader parse(byte[] json, long dataBytes) {
        JsonField root = JsonField.root(Json.parse(json, LIMITS));
        Map<String, Entry> entries = new LinkedHashMap<>();
        root.members()
                .forEach(
                        (name, field) -> {
                            if (!name.equals(METADATA)) {
                                entries.put(name, entry(field, dataBytes));
                            }
                        });
        requireContiguous(root, entries, dataBytes);
        return new SafetensorsHeader(entries);
    }

    private static Entry entry(JsonField field, long dataBytes) {
        JsonField shape = field.get("shape");
        if (shape.items().size() > DIMENSIONS_MAX) {
            throw shape.invalid("must have at most " + DIMENSIONS_MAX + " dimensions");
        }
        List<Integer> sizes =
                shape.items().stream().map(s -> s.integer(0, Integer.MAX_VALUE)).toList();
        JsonField offsets = field.get("data_offsets");
        if (offsets.items().size() != 2) {
            throw offsets.invalid("must be the two offsets of begin and end");
        }
        long begin = offsets.items().get(0).integer(0, dataBytes);
        long end = offsets.items().get(1).integer(begin, dataBytes);
        int elementBytes = elementBytes(field.get("dtype"));
        if (!isProduct(end - begin, elementBytes, sizes)) {
            throw offsets.invalid(
                    "must span the %d-byte elements of %s".formatted(elementBytes, sizes));
        }
        return new Entry(field.get("dtype").string(), sizes, begin, end);
    }

    private static int elementBytes(JsonField type) {
        return switch (type.string()) {
            case "BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0" -> 1;
            case "F16", "BF16", "I16", "U16" -> 2;
            case "F32", "I32", "U32" -> 4;
            case "F64", "I64", "U64", "C64" -> 8;
            default -> throw type.invalid("is not a type of the safetensors format that we know");
        };
    }

    /// Whether `bytes` is the product of the rest; large shapes must not overflow into it.
    private static boolean isProduct(long bytes, int elementBytes, List<Integer> sizes) {
        if (sizes.contains(0)) {
            return bytes == 0;
        }
        long product = elementBytes;
        for (int size : sizes) {
            if (product > bytes / size) {
                return false;
            }
            product *= size;
        }
        return product == bytes;
    }

    private static void requireContiguous(
            JsonField root, Map<String, Entry> entries, long dataBytes) {
        List<Map.Entry<String, Entry>> inOrder =
                entries.entrySet().stream()
                        .sorted(
                                Comparator.comparingLong(
                                                (Map.Entry<String, Entry> e) ->
                                                        e.getValue().begin())
                                        .thenComparingLong(e -> e.getValue().end()))
                        .toList();
        long expected = 0;
        for (Map.Entry<String, Entry> next : inOrder) {
            if (next.getValue().begin() != expected) {
                throw root.get(next.getKey())
                        .get("data_offsets")
                        .invalid("must begin where the tensor before ends, at " + expected);
            }
            expected = next.getValue().end();
        }
        if (expected != dataBytes) {
            throw new WeightsException(
                    "the tensors end at byte %d of %d behind the header"
                            .formatted(expected, dataBytes));
        }
    }
}
