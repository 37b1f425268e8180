package dev.stator.launch.planes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.launch.planes.PlanesConfig.Credentials;
import dev.stator.platform.nats.NatsConfig;
import dev.stator.runtime.discovery.etcd.EtcdConfig;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

class CredentialsTest {

    @Test
    void theVariablesAreDynamos() {
        Credentials credentials =
                Credentials.from(
                        Map.of(
                                "NATS_AUTH_USERNAME",
                                "alice",
                                "NATS_AUTH_PASSWORD",
                                "secret",
                                "NATS_TLS_CA_CERT_PATH",
                                "/ca.pem",
                                "ETCD_AUTH_USERNAME",
                                "root",
                                "ETCD_AUTH_PASSWORD",
                                "secret"));
        assertThat(credentials.nats().user()).contains(new NatsConfig.User("alice", "secret"));
        assertThat(credentials.nats().authority()).contains(Path.of("/ca.pem"));
        assertThat(credentials.etcd()).contains(new EtcdConfig.User("root", "secret"));
        assertThat(Credentials.from(Map.of("NATS_AUTH_TOKEN", "t")).nats().token()).contains("t");
        assertThat(Credentials.from(Map.of())).isEqualTo(Credentials.NONE);
        assertThat(credentials.toString()).doesNotContain("secret");
    }

    @Test
    void whatIsIncompleteOrUnknownIsRefused() {
        for (String variable :
                new String[] {"ETCD_AUTH_USERNAME", "NATS_AUTH_PASSWORD", "NATS_AUTH_NKEY"}) {
            assertThatThrownBy(() -> Credentials.from(Map.of(variable, "x")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(variable);
        }
    }
}
