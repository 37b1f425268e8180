package dev.stator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

class ModelReferenceTest {

    @Test
    void readsWhatUsersWrite() {
        assertThat(ModelReference.parse("demo")).isEqualTo(new ModelReference.Demo());
        assertThat(ModelReference.parse("./demo"))
                .isEqualTo(new ModelReference.Folder(Path.of("./demo")));
        assertThat(ModelReference.parse("random:qwen3-0.6b"))
                .isEqualTo(new ModelReference.Random("qwen3-0.6b", 1));
        assertThat(ModelReference.parse("random:llama-3.2-1b?seed=-7"))
                .isEqualTo(new ModelReference.Random("llama-3.2-1b", -7));
    }

    @Test
    void aModelIsCalledAfterItsFolderOrShape() {
        assertThat(ModelReference.parse("models/Qwen3-0.6B/").name()).isEqualTo("Qwen3-0.6B");
        assertThat(ModelReference.parse("models/x/..").name()).isEqualTo("models");
        assertThat(ModelReference.parse("random:qwen3-4b?seed=2").name()).isEqualTo("qwen3-4b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a\0b",
                "random:",
                "random:gpt",
                "random:qwen3-0.6b?",
                "random:qwen3-0.6b?seed=",
                "random:qwen3-0.6b?seed=1&x=2",
                "random:qwen3-0.6b?seed=99999999999999999999"
            })
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> ModelReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s)(model|random model) .*");
    }

    @Test
    void aWrongShapeIsAnsweredWithTheRightOnes() {
        assertThatThrownBy(() -> ModelReference.parse("random:qwen"))
                .hasMessage(
                        "random model must be one of [llama-3.2-1b, llama-3.2-3b, qwen3-0.6b,"
                                + " qwen3-1.7b, qwen3-4b]: qwen");
    }
}
