package dev.stator.launch.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationTest {
    private static final IndexKey KEY = new IndexKey("m", IndexKey.DEFAULT_GROUP);

    @Test
    void aWorkerNamesInstanceRankAndEndpoint() {
        Registration plain = Registration.parse("1=tcp://host:5557", KEY, 16);
        Registration ranked = Registration.parse("18446744073709551615:2=ipc:///tmp/x", KEY, 16);

        assertThat(plain.engine()).isEqualTo(new EngineRank(1, 0));
        assertThat(plain.endpoint().uri()).isEqualTo("tcp://host:5557");
        assertThat(ranked.engine()).isEqualTo(new EngineRank(-1, 2));
        assertThat(ranked.endpoint().uri()).isEqualTo("ipc:///tmp/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp://host:5557",
                "a=tcp://host:5557",
                "1:=tcp://host:5557",
                "99999999999999999999=tcp://host:5557",
                "1=host:5557",
                "1=tcp://*:5557"
            })
    void anythingElseIsRefusedWithItsText(String worker) {
        assertThatThrownBy(() -> Registration.parse(worker, KEY, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(worker.substring(worker.indexOf('=') + 1));
    }

    @Test
    void aBlockHasTokens() {
        assertThatThrownBy(() -> Registration.parse("1=tcp://host:5557", KEY, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("block_size must be in [1, 65536]: 0");
    }
}
