package dev.stator.engine.cpu.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stator.engine.cpu.NaiveTransformer;
import dev.stator.model.ModelConfig;
import dev.stator.model.ModelFamily;
import dev.stator.model.WeightSource;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;

class RandomTensorsTest {
    private static final String UP = "model.layers.0.mlp.up_proj.weight";
    private static final ModelConfig CONFIG =
            new ModelConfig(
                    ModelFamily.LLAMA,
                    6,
                    192,
                    160,
                    4,
                    2,
                    16,
                    1_001,
                    64,
                    1e-6,
                    1e4,
                    Optional.empty(),
                    true);

    @Test
    void aTensorDependsOnSeedAndNameAlone() {
        Tensor once = open(7).tensor(UP);
        Tensor again = open(7).tensor(UP);

        assertThat(once.data().mismatch(again.data())).isEqualTo(-1);
        assertThat(once.data().mismatch(open(8).tensor(UP).data())).isNotNegative();
        assertThat(once.data().mismatch(open(7).tensor(UP.replace("up", "gate")).data()))
                .isNotNegative();
    }

    /// Computed by a second implementation, in Python. Other numbers would change the answers of
    /// every random model.
    @Test
    void theDrawnBitsStayTheSame() {
        Tensor up = open(7).tensor(UP);

        assertThat(up.at(0)).isEqualTo(0.053710938f);
        assertThat(Arrays.hashCode(up.data().toArray(ValueLayout.JAVA_SHORT_UNALIGNED)))
                .isEqualTo(1111572993);
    }

    @Test
    void weightsHaveTheDeviationThatKeepsTheirProductsNearOne() {
        double[] up = values(open(7).tensor(UP));
        double[] embedding = values(open(7).tensor("model.embed_tokens.weight"));

        assertThat(rms(up) * Math.sqrt(192)).isCloseTo(1, within(0.02));
        assertThat(DoubleStream.of(up).average().orElseThrow()).isCloseTo(0, within(0.005));
        assertThat(rms(embedding) * Math.sqrt(192)).isCloseTo(3, within(0.06));
        assertThat(values(open(7).tensor("model.norm.weight"))).containsOnly(1);
    }

    @Test
    void logitsAreSane() {
        var model = new NaiveTransformer(CONFIG, open(7));

        double[][] logits = model.logits(TokenIds.of(5, 900, 17, 17, 3));

        assertThat(rms(logits[4])).isBetween(1.5, 6.0);
    }

    @Test
    void largeTensorsAreDrawnInChunksWithoutSeams() {
        ModelConfig wide =
                new ModelConfig(
                        ModelFamily.LLAMA,
                        1,
                        1_030,
                        2,
                        2,
                        2,
                        2,
                        2_051,
                        8,
                        1e-6,
                        1e4,
                        Optional.empty(),
                        true);
        Tensor embedding = new RandomTensors(wide, 3).tensor("model.embed_tokens.weight");
        double[] values = values(embedding);

        assertThat(values).hasSize(2_051 * 1_030);
        assertThat(rms(values) * Math.sqrt(1_030)).isCloseTo(3, within(0.01));
        assertThat(values[values.length - 1]).isNotEqualTo(values[values.length - 2]);
        assertThat(values[(1 << 20) - 1]).isNotEqualTo(values[1 << 20]);
    }

    @Test
    void tensorsGoWhenReleasedOrWithTheirSource() {
        TensorSource weights = open(7);
        Tensor released = weights.tensor(UP);
        Tensor kept = weights.tensor(UP);

        weights.release(released);
        weights.release(released);
        assertThatThrownBy(() -> released.at(0)).isInstanceOf(IllegalStateException.class);
        assertThat(kept.at(0)).isNotZero();

        weights.close();
        weights.close();
        assertThatThrownBy(() -> kept.at(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesNamesItDoesNotHave() {
        assertThat(open(7).contains("lm_head.weight")).isFalse();
        assertThatThrownBy(() -> open(7).tensor("lm_head.weight"))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("'lm_head.weight'");
    }

    private static TensorSource open(long seed) {
        return TensorSource.open(new WeightSource.Drawn(seed), CONFIG);
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[(int) tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.at(i);
        }
        return values;
    }

    private static double rms(double[] values) {
        return Math.sqrt(DoubleStream.of(values).map(v -> v * v).average().orElseThrow());
    }
}
