package dev.stator.engine.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;

/// Vector kernels against their scalar twins: equality of bits, not closeness.
class KernelTwinsTest {
    private static final Kernels VECTOR = Kernels.vector();

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void panelsGiveTheSameBits(long seed) {
        var trial = new KernelTrial(seed);
        for (WeightFormat format : WeightFormat.values()) {
            PanelKernel scalar = Kernels.SCALAR.panels(format);
            assertSameBits(trial.panels(scalar), trial.panels(VECTOR.panels(format)));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void tilesGiveTheSameBits(long seed) {
        var trial = new KernelTrial(seed);
        assertSameBits(trial.tiles(Kernels.SCALAR.f32()), trial.tiles(VECTOR.f32()));
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void rowsGiveTheSameBits(long seed) {
        var trial = new KernelTrial(seed);
        assertSameBits(trial.rows(Kernels.SCALAR.rows()), trial.rows(VECTOR.rows()));
    }

    private static void assertSameBits(float[] scalar, float[] vector) {
        assertThat(Arrays.mismatch(scalar, vector)).as("first difference").isEqualTo(-1);
    }
}
