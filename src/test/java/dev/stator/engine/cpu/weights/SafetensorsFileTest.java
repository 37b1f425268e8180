package dev.stator.engine.cpu.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class SafetensorsFileTest {
    private static final Path PATH = Path.of("model.safetensors");
    private static final byte[] SOUND =
            SafetensorsBytes.zeros(
                    Map.of("a.weight", List.of(4, 8), "b.weight", List.of(16), "c", List.of()));

    @Test
    void readsAllThreeTypesExactly() {
        byte[] file =
                SafetensorsBytes.of(
                        """
                        {"half": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]},
                         "brain": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [4, 8]},
                         "full": {"dtype": "F32", "shape": [2, 1], "data_offsets": [8, 16]}}  \
                        """,
                        16);
        ByteBuffer.wrap(file, file.length - 16, 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Float.floatToFloat16(-1.5f))
                .putShort(Float.floatToFloat16(65504))
                .putShort((short) (Float.floatToIntBits(-3e38f) >> 16))
                .putShort((short) 0x3F80)
                .putFloat(0.1f)
                .putFloat(Float.MIN_VALUE);

        SafetensorsFile safetensors = open(file);

        assertThat(values(safetensors.tensor("half"))).containsExactly(-1.5f, 65504);
        assertThat(values(safetensors.tensor("brain")))
                .containsExactly(Float.intBitsToFloat(Float.floatToIntBits(-3e38f) & ~0xFFFF), 1);
        assertThat(values(safetensors.tensor("full"))).containsExactly(0.1f, Float.MIN_VALUE);
        assertThat(safetensors.tensor("full").rows()).isEqualTo(2);
        assertThat(safetensors.tensor("half").columns()).isEqualTo(2);
        assertThat(safetensors.contains("quarter")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'a': 5}|'a'|must be an object",
                "{'a': {'dtype': 'F32', 'shape': [2]}}|'a.data_offsets'|missing",
                "{'a': {'dtype': 'F32', 'data_offsets': [0, 8]}}|'a.shape'|missing",
                "{'a': {'shape': [2], 'data_offsets': [0, 8]}}|'a.dtype'|missing",
                "{'a': {'dtype': 'F33', 'shape': [2], 'data_offsets': [0, 8]}}|'a.dtype'|F33",
                "{'a': {'dtype': 'F32', 'shape': [3], 'data_offsets': [0,"
                        + " 8]}}|'a.data_offsets'|[3]",
                "{'a': {'dtype': 'F32', 'shape': [-2], 'data_offsets': [0, 8]}}|'a.shape[0]'|-2",
                "{'a': {'dtype': 'F32', 'shape': [1.5], 'data_offsets': [0, 8]}}|'a.shape[0]'|1.5",
                "{'a': {'dtype': 'F32', 'shape': 2, 'data_offsets': [0, 8]}}|'a.shape'|array",
                "{'a': {'dtype': 'F32', 'shape': [2147483648, 2147483647, 1073741826],"
                        + " 'data_offsets': [0, 8]}}|'a.shape[0]'|2147483648",
                "{'a': {'dtype': 'F32', 'shape': [65536, 65536, 65536, 65536],"
                        + " 'data_offsets': [0, 0]}}|'a.data_offsets'|65536",
                "{'a': {'dtype': 'F32', 'shape': [1,1,1,1,1,1,1,1,2], 'data_offsets': [0, 8]}}"
                        + "|'a.shape'|8 dimensions",
                "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [-8, 0]}}"
                        + "|'a.data_offsets[0]'|-8",
                "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [8, 0]}}"
                        + "|'a.data_offsets[1]'|0",
                "{'a': {'dtype': 'F32', 'shape': [3], 'data_offsets': [0, 12]}}"
                        + "|'a.data_offsets[1]'|12",
                "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8, 8]}}"
                        + "|'a.data_offsets'|two offsets",
                "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 1e30]}}"
                        + "|'a.data_offsets[1]'|1e30",
                "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]}}"
                        + "|'a.data_offsets'|before ends, at 0",
                "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}, 'b': {'dtype':"
                        + " 'F32', 'shape': [1], 'data_offsets': [4, 8]}}|'b.data_offsets'|at 8",
                "{'a': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}}|4 of 8|behind",
                "{}|0 of 8|the tensors end",
                "[]|the document|must be an object",
                "{'a': {}, 'a': {}}|uplicate|a",
                "{'a'|model.safetensors|line 1",
                "~~|model.safetensors|the document is empty",
            })
    void complaintsNameTheFileAndTheField(String header, String field, String problem) {
        byte[] file = SafetensorsBytes.of(header.replace('\'', '"'), 8);

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(WeightsException.class)
                .hasMessageStartingWith("model.safetensors: ")
                .hasMessageContaining(field)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 101, 3})
    void refusesAbsurdHeaderLengths(long headerBytes) {
        byte[] file =
                SafetensorsBytes.withLength(headerBytes, "{}".getBytes(StandardCharsets.UTF_8), 0);

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(WeightsException.class)
                .hasMessage(
                        "model.safetensors: header length must be at most 100000000 and 2, the rest"
                                + " of the file: "
                                + Long.toUnsignedString(headerBytes));
    }

    @Test
    void refusesAFileCutAnywhere() {
        for (int length = 0; length < SOUND.length; length++) {
            byte[] cut = Arrays.copyOf(SOUND, length);
            assertThatThrownBy(() -> open(cut)).isInstanceOf(WeightsException.class);
        }
    }

    @Test
    void refusesADepthBomb() {
        byte[] file = SafetensorsBytes.of("{\"a\":".repeat(200_000), 0);

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("depth");
    }

    @Test
    void aTensorOfATypeWeDoNotReadIsRefusedByName() {
        SafetensorsFile file =
                open(
                        SafetensorsBytes.of(
                                """
                                {"ids": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}
                                """,
                                8));

        assertThatThrownBy(() -> file.tensor("ids"))
                .isInstanceOf(WeightsException.class)
                .hasMessage("model.safetensors: 'ids.dtype' must be F32, F16 or BF16: I64");
        assertThatThrownBy(() -> file.tensor("weight"))
                .hasMessage("model.safetensors: there is no tensor 'weight'");
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void flippedBytesAreRefusedOrHarmless(long seed) {
        var random = new SplittableRandom(seed);
        byte[] file = SOUND.clone();
        int headerEnd =
                Long.BYTES + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
            int at = random.nextInt(headerEnd);
            byte other = file[random.nextInt(headerEnd)];
            file[at] = random.nextBoolean() ? (byte) random.nextInt() : other;
        }
        try {
            SafetensorsFile damaged = open(file);
            for (String name : List.of("a.weight", "b.weight", "c")) {
                if (damaged.contains(name)) {
                    values(damaged.tensor(name));
                }
            }
        } catch (WeightsException e) {
            assertThat(e).hasMessageStartingWith("model.safetensors: ");
        }
    }

    private static SafetensorsFile open(byte[] file) {
        return SafetensorsFile.of(PATH, SafetensorsBytes.segment(file));
    }

    private static float[] values(Tensor tensor) {
        float[] values = new float[(int) tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.at(i);
        }
        return values;
    }
}
