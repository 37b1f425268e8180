package dev.stator.runtime.requests.callhome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.7:35111", "worker-0.workers:1", "[2001:db8::7]:65535"})
    void isReadAndWritten(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @Test
    void namesOfMachinesHaveNoBrackets() {
        assertThat(HostPort.parse("[::1]:80").host()).isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "host", "host:", "host:0", "host:65536", "host:x", "h:-1"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aListenerAtEveryAddressMustSayWhichOneOthersUse() {
        assertThat(HostPort.advertised("10.0.0.7", "")).isEqualTo("10.0.0.7");
        assertThat(HostPort.advertised("0.0.0.0", "10.0.0.7")).isEqualTo("10.0.0.7");
        assertThatThrownBy(() -> HostPort.advertised("0.0.0.0", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("advertised-host");
    }
}
