package dev.stator.runtime.discovery.etcd;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.testing.EtcdServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// An etcd that does not let everybody in.
class EtcdAccessTest {
    private static final Duration TTL = Duration.ofSeconds(10);

    @TempDir Path folder;

    @Test
    void aUserWithItsPasswordIsLetIn() {
        try (EtcdServer etcd = EtcdServer.start(folder)) {
            requireRoot(etcd, "secret");
            try (EtcdDiscovery discovery = open(etcd, "secret", Duration.ofSeconds(20))) {
                var endpoint = new EndpointId("test", "backend", "generate");
                discovery.announce(Instance.of(endpoint, 7, Transport.tcp("here:1/7/generate")));
                await().until(() -> discovery.instances().size() == 1);
            }
            assertThatThrownBy(() -> open(etcd, "guess", Duration.ofSeconds(1)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("no etcd at")
                    .hasMessageNotContaining("guess");
        }
    }

    private static EtcdDiscovery open(EtcdServer etcd, String password, Duration limit) {
        var user = Optional.of(new EtcdConfig.User("root", password));
        var config = new EtcdConfig(List.of(etcd.endpoint()), user, TTL, limit);
        return EtcdDiscovery.open(config, _ -> true, new SplittableRandom(1));
    }

    private static void requireRoot(EtcdServer etcd, String password) {
        etcd.post(
                "/v3/auth/user/add", "{\"name\":\"root\",\"password\":\"%s\"}".formatted(password));
        etcd.post("/v3/auth/role/add", "{\"name\":\"root\"}");
        etcd.post("/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
        etcd.post("/v3/auth/enable", "{}");
    }
}
