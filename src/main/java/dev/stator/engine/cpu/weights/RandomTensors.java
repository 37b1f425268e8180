package dev.stator.engine.cpu.weights;

import dev.stator.model.ModelConfig;
import dev.stator.tokens.SplitMix64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// Weights in BF16 drawn from a seed: the same seed gives the same bits on every machine.
///
/// Element `i` of a tensor is a function of (seed, name, i) alone, so a tensor is drawn in parallel
/// and anew each time it is asked for. Norm weights are one; the others are uniform with the
/// standard deviation that keeps activations near one and logits near `LOGIT_SPREAD`.
final class RandomTensors implements TensorSource {
    private static final double LOGIT_SPREAD = 3;
    private static final int LANES = 4;
    private static final int CHUNK_ELEMENTS = 1 << 20;
    private static final short BF16_ONE = 0x3F80;
    private static final ValueLayout.OfLong FOUR =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort ONE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Map<String, List<Integer>> shapes;
    private final long seed;
    private final Map<MemorySegment, Arena> drawn = new ConcurrentHashMap<>();

    RandomTensors(ModelConfig config, long seed) {
        this.shapes = Map.copyOf(TensorShapes.of(config));
        this.seed = seed;
    }

    @Override
    public boolean contains(String name) {
        return shapes.containsKey(name);
    }

    @Override
    public Tensor tensor(String name) {
        List<Integer> shape = shapes.get(name);
        if (shape == null) {
            throw new WeightsException("the random model has no tensor '" + name + "'");
        }
        long elements = shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        MemorySegment data = allocate(elements * DType.BF16.bytes());
        if (shape.size() == 1) {
            fillWithOnes(data, elements);
        } else {
            draw(data, elements, key(name), scale(name, shape.getLast()));
        }
        return new Tensor(name, DType.BF16, shape, data);
    }

    @Override
    public void release(Tensor tensor) {
        Optional.ofNullable(drawn.remove(tensor.data())).ifPresent(Arena::close);
    }

    @Override
    public void close() {
        drawn.values()
                .removeIf(
                        arena -> {
                            arena.close();
                            return true;
                        });
    }

    private MemorySegment allocate(long bytes) {
        Arena arena = Arena.ofShared();
        MemorySegment data = arena.allocate(bytes);
        drawn.put(data, arena);
        return data;
    }

    private static void fillWithOnes(MemorySegment data, long elements) {
        for (long i = 0; i < elements; i++) {
            data.set(ONE, i * DType.BF16.bytes(), BF16_ONE);
        }
    }

    private static void draw(MemorySegment data, long elements, long key, float scale) {
        int chunks = Math.toIntExact((elements + CHUNK_ELEMENTS - 1) / CHUNK_ELEMENTS);
        IntStream.range(0, chunks)
                .parallel()
                .forEach(
                        chunk -> {
                            long from = (long) chunk * CHUNK_ELEMENTS;
                            long to = Math.min(elements, from + CHUNK_ELEMENTS);
                            drawRange(data, from, to, key, scale);
                        });
    }

    /// `from` is a multiple of four: one mixed word gives four elements.
    private static void drawRange(MemorySegment data, long from, long to, long key, float scale) {
        long i = from;
        for (; i + LANES <= to; i += LANES) {
            data.set(FOUR, i * DType.BF16.bytes(), four(key, i / LANES, scale));
        }
        for (long rest = four(key, i / LANES, scale); i < to; i++, rest >>>= Short.SIZE) {
            data.set(ONE, i * DType.BF16.bytes(), (short) rest);
        }
    }

    private static long four(long key, long counter, float scale) {
        long bits = SplitMix64.mix(key + counter * SplitMix64.GAMMA);
        return bf16((short) bits * scale)
                | bf16((short) (bits >> 16) * scale) << 16
                | bf16((short) (bits >> 32) * scale) << 32
                | bf16((short) (bits >> 48) * scale) << 48;
    }

    /// Rounds to nearest, ties to even.
    private static long bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Integer.toUnsignedLong(bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
    }

    /// From a 16-bit integer to a uniform number of the wanted deviation.
    private static float scale(String name, int columns) {
        boolean toLogits = name.equals(TensorShapes.EMBEDDING) || name.equals(TensorShapes.HEAD);
        double deviation = (toLogits ? LOGIT_SPREAD : 1) / Math.sqrt(columns);
        return (float) (deviation * Math.sqrt(3) / (1 << 15));
    }

    private long key(String name) {
        long hash = seed;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = SplitMix64.mix(hash + SplitMix64.GAMMA + b);
        }
        return hash;
    }
}
