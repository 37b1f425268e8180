package dev.stator.platform.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZmqEndpointTest {

    @ParameterizedTest
    @CsvSource({
        "tcp://*:5557, true",
        "tcp://[::]:5557, true",
        "tcp://0.0.0.0:5557, false",
        "tcp://127.0.0.1:*, true",
        "tcp://engine-7:5557, false",
        "ipc:///tmp/events, true",
        "inproc://events, true"
    })
    void wildcardsAndLocalEndpointsAreBound(String uri, boolean isBound) {
        assertThat(new ZmqEndpoint(uri).isBound()).isEqualTo(isBound);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5557",
                "tcp://",
                "tcp://host",
                "tcp://host:",
                "tcp://:5557",
                "tcp://host:65536",
                "tcp://host:http",
                "udp://host:5557",
                "ipc://"
            })
    void othersAreRefused(String uri) {
        assertThatThrownBy(() -> new ZmqEndpoint(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + uri + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://*:5557, 0, tcp://*:5557",
        "tcp://*:0, 0, tcp://*:0",
        "tcp://*:5557, 3, tcp://*:5560",
        "tcp://[::]:5557, 1, tcp://[::]:5558",
        "inproc://events, 2, inproc://events_dp2"
    })
    void aRankHasItsOwn(String uri, int rank, String expected) {
        assertThat(new ZmqEndpoint(uri).forRank(rank)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"tcp://*:0, 1", "tcp://*:65535, 1"})
    void aRankWithoutPortIsRefused(String uri, int rank) {
        assertThatThrownBy(() -> new ZmqEndpoint(uri).forRank(rank))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(uri);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://*:5557, tcp://here:5557",
        "tcp://0.0.0.0:5557, tcp://here:5557",
        "tcp://[::]:5557, tcp://here:5557",
        "tcp://there:5557, tcp://there:5557",
        "ipc:///tmp/events, ipc:///tmp/events"
    })
    void whatIsBoundEverywhereIsReachedAtAHost(String uri, String expected) {
        assertThat(new ZmqEndpoint(uri).reachedAt("here")).hasToString(expected);
    }

    @Test
    void onlyTcpHasPorts() {
        assertThat(new ZmqEndpoint("tcp://*:*").port()).isZero();
        assertThat(new ZmqEndpoint("tcp://host:81").port()).isEqualTo(81);
        assertThatThrownBy(() -> new ZmqEndpoint("inproc://events").port())
                .isInstanceOf(IllegalStateException.class);
    }
}
