package dev.stator.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Finds a model folder among the program's resources. Weights are mapped, so what lies in a jar is
/// copied, once per process, to a private temporary folder that goes when the process exits.
final class DemoFolder {
    static final String DEMO = "/dev/stator/models/demo/";

    private static final String CONFIG = "config.json";
    private static final List<String> FILES =
            List.of(
                    CONFIG,
                    "generation_config.json",
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "chat_template.jinja",
                    "model.safetensors");
    private static final Map<String, Path> EXTRACTED = new ConcurrentHashMap<>();

    private DemoFolder() {}

    static Path locate() {
        return locate(DEMO, name -> Optional.ofNullable(DemoFolder.class.getResource(name)));
    }

    /// The folder of the resource `root`, which ends with a slash.
    static Path locate(String root, Function<String, Optional<URL>> resources) {
        URL config =
                resources
                        .apply(root + CONFIG)
                        .orElseThrow(
                                () ->
                                        new ModelFolderException(
                                                Path.of(root), "does not come with the program"));
        return config.getProtocol().equals("file")
                ? folderOf(config)
                : EXTRACTED.computeIfAbsent(config.toExternalForm(), _ -> extract(root, resources));
    }

    private static Path folderOf(URL file) {
        try {
            return Path.of(file.toURI()).resolveSibling(".").normalize();
        } catch (URISyntaxException e) {
            throw new ModelFolderException(Path.of(file.getPath()), "is not a path", e);
        }
    }

    private static Path extract(String root, Function<String, Optional<URL>> resources) {
        try {
            Path folder = Files.createTempDirectory("stator-model-");
            folder.toFile().deleteOnExit();
            for (String name : FILES) {
                Optional<URL> resource = resources.apply(root + name);
                if (resource.isPresent()) {
                    copy(resource.get(), folder.resolve(name));
                }
            }
            return folder;
        } catch (IOException e) {
            throw new ModelFolderException(
                    Path.of(root), "cannot be copied to a temporary folder: " + e, e);
        }
    }

    private static void copy(URL resource, Path target) throws IOException {
        target.toFile().deleteOnExit();
        try (InputStream in = resource.openStream()) {
            Files.copy(in, target);
        }
    }
}
