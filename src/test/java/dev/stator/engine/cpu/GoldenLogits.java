package dev.stator.engine.cpu;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.tokens.TokenIds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Tiny models with the logits that Hugging Face transformers computes for them in float32.
/// `provenance.json` beside them says how they were recorded.
public final class GoldenLogits {

    /// One model.
    ///
    /// @param folder can be opened as a model folder
    public record Case(Path folder, List<Prompt> prompts) {
        @Override
        public String toString() {
            return folder.getFileName().toString();
        }
    }

    /// What the model says to a prompt.
    ///
    /// @param logits of the last positions of the prompt, one row per position, vocabulary wide;
    ///     the last row belongs to the prompt's last token
    /// @param greedy the most likely continuation; every step is decided by a lead of at least 5 %
    ///     of the logits' root mean square
    public record Prompt(TokenIds ids, List<float[]> logits, TokenIds greedy) {

        /// The position in the prompt that row 0 of `logits` belongs to.
        public int firstPosition() {
            return ids.size() - logits.size();
        }
    }

    private GoldenLogits() {}

    /// All models, in the order of their names.
    public static List<Case> cases() {
        try (Stream<Path> folders = Files.list(root())) {
            return folders.filter(Files::isDirectory).sorted().map(GoldenLogits::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Distance of `actual` from `expected` relative to the length of `expected`.
    public static double relativeError(float[] expected, double[] actual) {
        double distance = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            distance += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            length += (double) expected[i] * expected[i];
        }
        return Math.sqrt(distance / length);
    }

    private static Path root() {
        URL url =
                Objects.requireNonNull(
                        GoldenLogits.class.getResource("/dev/stator/golden/logits"),
                        "golden logits are not on the class path");
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("not a folder: " + url, e);
        }
    }

    private static Case read(Path folder) {
        try {
            JsonField golden = json(folder.resolve("golden.json"));
            int vocabularySize =
                    json(folder.resolve("config.json")).get("vocab_size").integer(1, 1 << 20);
            FloatBuffer logits =
                    ByteBuffer.wrap(Files.readAllBytes(folder.resolve("logits.f32")))
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer();
            List<Prompt> prompts = new ArrayList<>();
            for (JsonField prompt : golden.get("prompts").items()) {
                prompts.add(prompt(prompt, logits, vocabularySize));
            }
            return new Case(folder, List.copyOf(prompts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Prompt prompt(JsonField field, FloatBuffer logits, int vocabularySize) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < field.get("positions").integer(1, 1 << 10); i++) {
            float[] row = new float[vocabularySize];
            logits.get(row);
            rows.add(row);
        }
        return new Prompt(ids(field.get("ids")), List.copyOf(rows), ids(field.get("greedy")));
    }

    private static TokenIds ids(JsonField field) {
        return TokenIds.of(
                field.items().stream().mapToInt(id -> id.integer(0, Integer.MAX_VALUE)).toArray());
    }

    private static JsonField json(Path file) throws IOException {
        return JsonField.root(Json.parse(Files.readAllBytes(file), JsonLimits.FILE));
    }
}
