package dev.stator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

class LoadedModelTest {
    private static final String GOLDEN = "/dev/stator/golden/logits/qwen3-tied-gqa2-f32/";

    @TempDir private Path temporary;

    @Test
    void aFolderIsTakenAsItIs() {
        Path folder = goldenFolder();

        LoadedModel model = LoadedModel.open(new ModelReference.Folder(folder));

        assertThat(model.name()).isEqualTo("qwen3-tied-gqa2-f32");
        assertThat(model.usableVocabulary()).isEqualTo(300);
        assertThat(model.weights()).isEqualTo(ModelFolder.open(folder).weights());
    }

    @Test
    void aRandomModelSpeaksOnlyTheTokensOfItsVoice() {
        ModelFolder voice = ModelFolder.open(goldenFolder());

        LoadedModel model = LoadedModel.random(new ModelReference.Random("qwen3-0.6b", 7), voice);

        assertThat(model.name()).isEqualTo("qwen3-0.6b");
        assertThat(model.config().vocabularySize()).isEqualTo(151_936);
        assertThat(model.usableVocabulary()).isEqualTo(300);
        assertThat(model.weights()).isEqualTo(new WeightSource.Drawn(7));
    }

    @Test
    void theDemoComesWithTheProgramAndLendsItsVoice() {
        LoadedModel demo = LoadedModel.open(ModelReference.parse("demo"));
        LoadedModel random = LoadedModel.open(ModelReference.parse("random:llama-3.2-1b"));

        assertThat(demo.name()).isEqualTo("demo");
        assertThat(random.usableVocabulary()).isEqualTo(demo.config().vocabularySize());
    }

    @Test
    void aModelInAJarIsCopiedOnce() throws IOException {
        Path jar = temporary.resolve("models.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            add(out, "config.json");
            add(out, "model.safetensors");
        }
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            Path first = locate(loader, "models/tiny/");
            Path second = locate(loader, "models/tiny/");

            assertThat(second).isEqualTo(first);
            assertThat(first.resolve("model.safetensors"))
                    .hasSameBinaryContentAs(goldenFolder().resolve("model.safetensors"));
            assertThat(ModelFolder.open(first).config())
                    .isEqualTo(ModelFolder.open(goldenFolder()).config());
        }
    }

    @Test
    void aModelThatDoesNotComeWithTheProgramIsMissed() {
        assertThatThrownBy(() -> DemoFolder.locate("/none/", _ -> Optional.empty()))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("does not come with the program");
    }

    private static Path locate(ClassLoader loader, String root) {
        return DemoFolder.locate(root, name -> Optional.ofNullable(loader.getResource(name)));
    }

    private static void add(JarOutputStream out, String name) throws IOException {
        out.putNextEntry(new JarEntry("models/tiny/" + name));
        Files.copy(goldenFolder().resolve(name), out);
        out.closeEntry();
    }

    private static Path goldenFolder() {
        return DemoFolder.locate(
                GOLDEN, name -> Optional.ofNullable(LoadedModelTest.class.getResource(name)));
    }
}
