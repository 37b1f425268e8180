package dev.stator.platform.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.nats.NatsConfig.Access;
import dev.stator.platform.nats.NatsConfig.User;
import dev.stator.testing.NatsServer;
import dev.stator.testing.TestCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/// Servers that do not let everybody in, and clients that do not believe every server.
class NatsAccessTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(700);

    @TempDir Path folder;

    @Test
    void aUserNeedsItsPassword() throws Exception {
        try (var server = NatsServer.startWith(folder, "--user", "alice", "--pass", "secret")) {
            assertThat(connects(server.url(), user("alice", "secret"), LONG)).isTrue();
            assertThat(connects(server.url(), user("alice", "guess"), SHORT)).isFalse();
            assertThat(connects(server.url(), Access.OPEN, SHORT)).isFalse();
        }
    }

    @Test
    void aTokenLetsIn() throws Exception {
        try (var server = NatsServer.startWith(folder, "--auth", "t0ken")) {
            assertThat(connects(server.url(), token("t0ken"), LONG)).isTrue();
            assertThat(connects(server.url(), token("other"), SHORT)).isFalse();
        }
    }

    @Test
    void aServerMustBeVouchedFor() throws Exception {
        TestCertificate own = TestCertificate.in(folder);
        try (var server =
                NatsServer.startWith(
                        folder,
                        "--tls",
                        "--tlscert",
                        own.certificate().toString(),
                        "--tlskey",
                        own.key().toString())) {
            String url = server.url().replace("nats:", "tls:");
            assertThat(connects(url, trusting(own.certificate()), LONG)).isTrue();
            assertThat(connects(url, Access.OPEN, SHORT)).isFalse();
        }
    }

    @Test
    void whatCannotBeReadIsNamed() {
        NatsConfig config =
                NatsConfig.of("test", "tls://localhost").with(trusting(Path.of("/no/such.pem")));
        assertThatThrownBy(() -> NatsClient.open(config, new SplittableRandom(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/no/such.pem");
    }

    @Test
    void secretsAreNotShown() {
        assertThat(user("alice", "secret")).hasToString("user alice");
        assertThat(token("secret")).hasToString("token");
        assertThat(Access.OPEN).hasToString("open");
    }

    private static boolean connects(String url, Access access, Duration within)
            throws InterruptedException {
        NatsConfig config = NatsConfig.of("test", url).with(access);
        try (NatsClient client = NatsClient.open(config, new SplittableRandom(1))) {
            return client.awaitConnected(within);
        }
    }

    private static Access user(String name, String password) {
        return new Access(
                Optional.of(new User(name, password)), Optional.empty(), Optional.empty());
    }

    private static Access token(String token) {
        return new Access(Optional.empty(), Optional.of(token), Optional.empty());
    }

    private static Access trusting(Path certificates) {
        return new Access(Optional.empty(), Optional.empty(), Optional.of(certificates));
    }
}
