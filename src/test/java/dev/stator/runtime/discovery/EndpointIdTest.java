package dev.stator.runtime.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointIdTest {

    @Test
    void isWrittenAsDynamoWritesIt() {
        assertThat(new EndpointId("dynamo", "backend", "generate").uri())
                .isEqualTo("dyn://dynamo.backend.generate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a/b", "a b", "ä"})
    void refusesNamesThatWouldBreakAKeyOrASubject(String name) {
        assertThatThrownBy(() -> new EndpointId("dynamo", name, "generate"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("component")
                .hasMessageContaining(name);
    }
}
