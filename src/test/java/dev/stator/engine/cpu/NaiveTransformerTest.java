package dev.stator.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.cpu.weights.TensorSource;
import dev.stator.model.ModelFolder;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/// The reference against another reference: ours in double against transformers in float32.
class NaiveTransformerTest {
    private static final double FLOAT_ROUNDING = 1e-5;

    static List<GoldenLogits.Case> cases() {
        return GoldenLogits.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTransformers(GoldenLogits.Case golden) {
        ModelFolder folder = ModelFolder.open(golden.folder());
        try (TensorSource weights = TensorSource.open(folder.weights(), folder.config())) {
            var naive = new NaiveTransformer(folder.config(), weights);
            for (GoldenLogits.Prompt prompt : golden.prompts()) {
                double[][] logits = naive.logits(prompt.ids());
                for (int row = 0; row < prompt.logits().size(); row++) {
                    double[] actual = logits[prompt.firstPosition() + row];
                    assertThat(GoldenLogits.relativeError(prompt.logits().get(row), actual))
                            .as("prompt of %d, row %d", prompt.ids().size(), row)
                            .isLessThan(FLOAT_ROUNDING);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void continuesAsTransformersDoes(GoldenLogits.Case golden) {
        ModelFolder folder = ModelFolder.open(golden.folder());
        try (TensorSource weights = TensorSource.open(folder.weights(), folder.config())) {
            var naive = new NaiveTransformer(folder.config(), weights);
            for (GoldenLogits.Prompt prompt : golden.prompts()) {
                double[][] logits = naive.logits(prompt.ids().concat(prompt.greedy()));
                for (int i = 0; i < prompt.greedy().size(); i++) {
                    assertThat(argmax(logits[prompt.ids().size() - 1 + i]))
                            .isEqualTo(prompt.greedy().get(i));
                }
            }
        }
    }

    private static int argmax(double[] x) {
        int best = 0;
        for (int i = 1; i < x.length; i++) {
            if (x[i] > x[best]) {
                best = i;
            }
        }
        return best;
    }
}
