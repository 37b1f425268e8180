package dev.stator.model;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// How a user names a model: a folder, `demo`, or `random:SHAPE[?seed=N]`.
public sealed interface ModelReference {

    /// What the model is called when the user gives it no other name.
    String name();

    /// The reference as users write it, good in every process of this machine.
    String text();

    /// Where its tokenizer and chat template are. Throws `ModelFolderException`.
    default Path tokenizerFolder() {
        return this instanceof Folder(Path path) ? path : DemoFolder.locate();
    }

    /// A folder as Hugging Face lays it out.
    record Folder(Path path) implements ModelReference {
        @Override
        public String text() {
            return path.toAbsolutePath().normalize().toString();
        }

        @Override
        public String name() {
            Path absolute = path.toAbsolutePath().normalize();
            return Optional.ofNullable(absolute.getFileName()).orElse(absolute).toString();
        }
    }

    /// The small model that comes with the program.
    record Demo() implements ModelReference {
        private static final String NAME = "demo";

        @Override
        public String text() {
            return NAME;
        }

        @Override
        public String name() {
            return NAME;
        }
    }

    /// A published model's shape with weights drawn from a seed, and the demo model's tokenizer.
    /// It says nothing sensible, and takes as long as the real one.
    record Random(String shape, long seed) implements ModelReference {
        private static final String PREFIX = "random:";
        private static final String SEED = "?seed=";
        private static final long SEED_DEFAULT = 1;

        public Random {
            if (RandomShapes.named(shape).isEmpty()) {
                throw new IllegalArgumentException(
                        "random model must be one of %s: %s"
                                .formatted(RandomShapes.names(), shape));
            }
        }

        @Override
        public String text() {
            return PREFIX + shape + SEED + seed;
        }

        @Override
        public String name() {
            return shape;
        }

        private static Random parse(String text) {
            int query = text.indexOf('?');
            if (query < 0) {
                return new Random(text, SEED_DEFAULT);
            }
            String seed = text.substring(query);
            if (!seed.matches("\\?seed=-?[0-9]{1,18}")) {
                throw new IllegalArgumentException(
                        "random model takes only '" + SEED + "NUMBER': '" + seed + "'");
            }
            return new Random(
                    text.substring(0, query), Long.parseLong(seed.substring(SEED.length())));
        }
    }

    /// Throws `IllegalArgumentException`, naming what would be right. A folder called `demo` is
    /// reached as `./demo`.
    static ModelReference parse(String text) {
        if (text.equals(Demo.NAME)) {
            return new Demo();
        }
        if (text.startsWith(Random.PREFIX)) {
            return Random.parse(text.substring(Random.PREFIX.length()));
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    "model must be a folder, '%s' or '%sSHAPE': '%s'"
                            .formatted(Demo.NAME, Random.PREFIX, text));
        }
        try {
            return new Folder(Path.of(text));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("model is not a path: " + e.getMessage(), e);
        }
    }
}
