package dev.stator.runtime.requests.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NatsSubjectTest {

    /// Dynamo's rule for a service: lower case, no underscore in front. The endpoint stays.
    @ParameterizedTest
    @CsvSource({
        "dynamo, backend, generate, 42, dynamo_backend.generate-2a",
        "dynamo, kv-router, Generate, 7587, dynamo_kv-router.Generate-1da3",
        "_My_Space, BackEnd, generate, -1, my_space_backend.generate-ffffffffffffffff"
    })
    void subjectsAreDynamos(
            String namespace, String component, String endpoint, long id, String subject) {
        assertThat(NatsSubject.of(new EndpointId(namespace, component, endpoint), id))
                .isEqualTo(subject);
    }

    @Test
    void anyPlainSubjectIsTakenAsItIsAnnounced() {
        String announced = "dynamo_backend-3d2a.generate-2a";

        assertThat(NatsSubject.of(new Transport(Transport.NATS, announced))).isEqualTo(announced);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", "a.*", "a.>", "a b.c", ".a", "a."})
    void whatIsNoSubjectIsRefused(String address) {
        assertThatThrownBy(() -> NatsSubject.of(new Transport(Transport.NATS, address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no subject");
    }

    @Test
    void otherTransportsAreRefused() {
        assertThatThrownBy(() -> NatsSubject.of(Transport.tcp("here:1/2a/generate")))
                .hasMessageContaining("not on NATS");
    }
}
