package dev.stator.engine.kvevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.zmq.ZmqEndpoint;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;

class KvEventsConfigTest {

    @Test
    void readsTheUsualFlag() {
        KvEventsConfig config =
                KvEventsConfig.parse(
                        """
                        {"publisher":"zmq","topic":"kv-events","endpoint":"tcp://*:5600"}\
                        """);

        assertThat(config)
                .isEqualTo(
                        new KvEventsConfig(
                                true,
                                new ZmqEndpoint("tcp://*:5600"),
                                Optional.empty(),
                                10_000,
                                100_000,
                                100_000,
                                "kv-events"));
    }

    @Test
    void readsEveryField() {
        KvEventsConfig config =
                KvEventsConfig.parse(
                        """
                        {"enable_kv_cache_events": true, "publisher": "zmq",
                         "endpoint": "tcp://10.0.0.1:1", "replay_endpoint": "tcp://*:2",
                         "buffer_steps": 3, "hwm": 4, "max_queue_size": 5, "topic": "t"}
                        """);

        assertThat(config.forRank(2))
                .isEqualTo(
                        new KvEventsConfig(
                                true,
                                new ZmqEndpoint("tcp://10.0.0.1:3"),
                                Optional.of(new ZmqEndpoint("tcp://*:4")),
                                3,
                                4,
                                5,
                                "t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; false",
                "{'publisher': 'null'}; false",
                "{'publisher': null}; false",
                "{'publisher': 'zmq'}; true",
                "{'enable_kv_cache_events': true}; true",
                "{'enable_kv_cache_events': false, 'publisher': 'zmq'}; false",
                "{'enable_kv_cache_events': true, 'publisher': 'null'}; false"
            },
            quoteCharacter = '"')
    void aPublisherOrASwitchEnables(String json, boolean isEnabled) {
        assertThat(parse(json).isEnabled()).isEqualTo(isEnabled);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'publisher': 'kafka'}; publisher; kafka",
                "{'publisher': 5}; publisher; 5",
                "{'endpoint': 'localhost:5557'}; endpoint; localhost:5557",
                "{'replay_endpoint': 'udp://*:1'}; replay_endpoint; udp://*:1",
                "{'buffer_steps': 0}; buffer_steps; 0",
                "{'hwm': -1}; hwm; -1",
                "{'max_queue_size': 'many'}; max_queue_size; many",
                "{'topic': 7}; topic; 7",
                "{'endpont': 'tcp://*:1'}; endpont; tcp://*:1"
            },
            quoteCharacter = '"')
    void complaintsNameTheFieldAndTheValue(String json, String field, String value) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(JsonFieldException.class)
                .hasMessageContaining("'" + field + "'")
                .hasMessageContaining(value);
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> parse("{'publisher'")).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> parse("[]")).isInstanceOf(JsonFieldException.class);
    }

    private static KvEventsConfig parse(String json) {
        return KvEventsConfig.parse(json.replace('\'', '"'));
    }
}
