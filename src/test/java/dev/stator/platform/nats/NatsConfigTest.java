package dev.stator.platform.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NatsConfigTest {

    @Test
    void takesSeveralServers() {
        assertThat(NatsConfig.of("me", "nats://one:4222, tls://two").servers())
                .containsExactly("nats://one:4222", "tls://two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nats://", "nats://a b", "nats://one,,nats://two", "::"})
    void refusesWhatIsNoServer(String servers) {
        assertThatThrownBy(() -> NatsConfig.of("me", servers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nats://localhost:4222");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nfeed"})
    void refusesANameThatCannotBeShown(String name) {
        assertThatThrownBy(() -> NatsConfig.of(name, "nats://one"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name");
    }

    @Test
    void showsNoPassword() {
        assertThat(NatsConfig.shown("nats://user:secret@one:4222")).isEqualTo("nats://one:4222");
        assertThatThrownBy(() -> NatsConfig.of("me", "nats://user:secret@one two"))
                .message()
                .doesNotContain("secret");
    }
}
