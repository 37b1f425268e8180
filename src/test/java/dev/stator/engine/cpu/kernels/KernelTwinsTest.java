package dev.stator.engine.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Vector kernels against their scalar twins: equality of bits, not closeness.
class KernelTwinsTest {
    private static final Kernels VECTOR = Kernels.vector();

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void panelsGiveTheSameBits(long seed) {
        var trial = new KernelTrial(seed);
        for (WeightFormat format : WeightFormat.values()) {
            assertTwins(trial.panels(), Kernels.SCALAR.panels(format), VECTOR.panels(format));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void tilesGiveTheSameBits(long seed) {
        assertTwins(new KernelTrial(seed).tiles(), Kernels.SCALAR.f32(), VECTOR.f32());
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void rowsGiveTheSameBits(long seed) {
        assertTwins(new KernelTrial(seed).rows(), Kernels.SCALAR.rows(), VECTOR.rows());
    }

    private static <K> void assertTwins(List<Function<K, float[]>> exercises, K scalar, K vector) {
        for (int i = 0; i < exercises.size(); i++) {
            float[] expected = exercises.get(i).apply(scalar);
            float[] actual = exercises.get(i).apply(vector);
            assertThat(Arrays.mismatch(expected, actual))
                    .as("first difference in exercise %d", i)
                    .isEqualTo(-1);
        }
    }
}
