package dev.stator.engine.cpu.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.cpu.GoldenLogits;
import dev.stator.model.ModelConfig;
import dev.stator.model.ModelFamily;
import dev.stator.model.ModelFolder;
import dev.stator.model.WeightSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class SafetensorsModelTest {
    private static final String Q_PROJ = "model.layers.1.self_attn.q_proj.weight";
    private static final ModelConfig CONFIG =
            new ModelConfig(
                    ModelFamily.QWEN3,
                    2,
                    8,
                    12,
                    4,
                    2,
                    6,
                    20,
                    64,
                    1e-6,
                    1e4,
                    Optional.empty(),
                    false);

    @TempDir private Path folder;

    @Test
    void aModelHasTheTensorsOfItsShape() {
        Path file = write("model.safetensors", TensorShapes.of(CONFIG));

        try (TensorSource weights = TensorSource.open(single(file), CONFIG)) {
            Tensor query = weights.tensor(Q_PROJ);
            assertThat(query.rows()).isEqualTo(24);
            assertThat(query.columns()).isEqualTo(8);
            assertThat(weights.contains("lm_head.weight")).isTrue();
            assertThat(weights.contains("lm_head.bias")).isFalse();
        }
    }

    @Test
    void anotherShapeIsRefusedByName() {
        Path file =
                write(
                        "model.safetensors",
                        SafetensorsBytes.with(TensorShapes.of(CONFIG), Q_PROJ, List.of(8, 24)));

        assertThatThrownBy(() -> TensorSource.open(single(file), CONFIG))
                .isInstanceOf(WeightsException.class)
                .hasMessage(
                        file
                                + ": '"
                                + Q_PROJ
                                + ".shape' must be [24, 8] by the model's configuration: [8, 24]");
    }

    @Test
    void aMissingTensorIsRefusedByName() {
        Map<String, List<Integer>> shapes = TensorShapes.of(CONFIG);
        shapes.remove("lm_head.weight");
        Path file = write("model.safetensors", shapes);

        assertThatThrownBy(() -> TensorSource.open(single(file), CONFIG))
                .isInstanceOf(WeightsException.class)
                .hasMessage(file + ": there is no tensor 'lm_head.weight'");
    }

    @Test
    void theIndexSaysWhichShardHoldsATensor() {
        WeightSource.Shards shards = shards(TensorShapes.of(CONFIG));

        try (TensorSource weights = TensorSource.open(shards, CONFIG)) {
            TensorShapes.of(CONFIG)
                    .forEach(
                            (name, shape) ->
                                    assertThat(weights.tensor(name).shape()).isEqualTo(shape));
        }
    }

    @Test
    void aShardWithoutATensorOfTheIndexIsRefused() {
        WeightSource.Shards shards = shards(TensorShapes.of(CONFIG));
        Map<String, Path> index = new LinkedHashMap<>(shards.index());
        Path other =
                shards.files().stream().filter(f -> !f.equals(index.get(Q_PROJ))).findAny().get();
        index.put(Q_PROJ, other);

        assertThatThrownBy(
                        () ->
                                TensorSource.open(
                                        new WeightSource.Shards(shards.files(), index), CONFIG))
                .isInstanceOf(WeightsException.class)
                .hasMessage(
                        other
                                + ": there is no tensor '"
                                + Q_PROJ
                                + "', which the index places here");
    }

    @Test
    void aShardThatIsGoneOrEmptyIsRefused() throws IOException {
        WeightSource.Shards shards = shards(TensorShapes.of(CONFIG));
        Path last = shards.files().getLast();

        Files.write(last, new byte[0]);
        assertThatThrownBy(() -> TensorSource.open(shards, CONFIG))
                .isInstanceOf(WeightsException.class)
                .hasMessageStartingWith(last + ": is truncated");
        Files.delete(last);
        assertThatThrownBy(() -> TensorSource.open(shards, CONFIG))
                .isInstanceOf(WeightsException.class)
                .hasMessageStartingWith(last + ": cannot be read");
    }

    @Test
    void whatTheIndexDoesNotNameIsIgnored() {
        Map<String, List<Integer>> shapes = TensorShapes.of(CONFIG);
        WeightSource.Shards shards = shards(shapes);
        write(
                shards.files().getFirst().getFileName().toString(),
                SafetensorsBytes.with(shapes, "rotary.inv_freq", List.of(3)));

        try (TensorSource weights = TensorSource.open(shards, CONFIG)) {
            assertThat(weights.tensor(Q_PROJ).shape()).containsExactly(24, 8);
        }
    }

    @Test
    void tensorsGoWithTheirSource() {
        Path file = write("model.safetensors", TensorShapes.of(CONFIG));
        TensorSource weights = TensorSource.open(single(file), CONFIG);
        Tensor query = weights.tensor(Q_PROJ);

        weights.close();
        weights.close();

        assertThatThrownBy(() -> query.at(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void realCheckpointsHaveTheShapesOfTheirConfig() {
        for (GoldenLogits.Case golden : GoldenLogits.cases()) {
            ModelFolder model = ModelFolder.open(golden.folder());
            try (TensorSource weights = TensorSource.open(model.weights(), model.config())) {
                assertThat(weights.contains("model.norm.weight")).as(golden.toString()).isTrue();
            }
        }
    }

    private static WeightSource.Shards single(Path file) {
        return new WeightSource.Shards(List.of(file), Map.of());
    }

    /// Every other tensor into the second of two files.
    private WeightSource.Shards shards(Map<String, List<Integer>> shapes) {
        Map<String, List<Integer>> odd = new LinkedHashMap<>();
        Map<String, List<Integer>> even = new LinkedHashMap<>();
        Map<String, Path> index = new LinkedHashMap<>();
        for (Map.Entry<String, List<Integer>> tensor : shapes.entrySet()) {
            boolean isOdd = index.size() % 2 == 1;
            (isOdd ? odd : even).put(tensor.getKey(), tensor.getValue());
            index.put(tensor.getKey(), folder.resolve(isOdd ? "2.safetensors" : "1.safetensors"));
        }
        return new WeightSource.Shards(
                List.of(write("1.safetensors", even), write("2.safetensors", odd)), index);
    }

    private Path write(String name, Map<String, List<Integer>> shapes) {
        try {
            return Files.write(folder.resolve(name), SafetensorsBytes.zeros(shapes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
