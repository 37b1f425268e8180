package dev.stator.platform.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAddressTest {

    @Test
    void readsHostPortAndBasePath() {
        assertThat(HttpAddress.parse("http://gpu-1:8000"))
                .isEqualTo(new HttpAddress("gpu-1", 8000, ""));
        assertThat(HttpAddress.parse("http://gpu-1/a/b/"))
                .isEqualTo(new HttpAddress("gpu-1", 80, "/a/b"));
        assertThat(HttpAddress.parse("http://[::1]:8000/"))
                .hasToString("http://[::1]:8000")
                .isEqualTo(new HttpAddress("::1", 8000, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gpu-1:8000",
                "https://gpu-1",
                "http://",
                "http://u:p@h/",
                "http://h/?a=b",
                "http://h/#f",
                "http://a b/"
            })
    void refusesWhatItCannotReach(String url) {
        assertThatThrownBy(() -> HttpAddress.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(url);
    }
}
