package dev.stator.platform.nats;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.testing.NatsServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

class NatsStreamsTest {
    private static final StreamSpec NEWS =
            new StreamSpec("news", List.of("news.*"), Duration.ofHours(1), 1 << 20);

    @TempDir Path folder;
    private NatsServer server;
    private NatsClient client;

    @BeforeEach
    void connect() {
        server = NatsServer.startWithJetStream(folder);
        client = NatsClient.open(NatsConfig.of("streams", server.url()), new Random(1));
        await().until(client::isConnected);
    }

    @AfterEach
    void disconnect() {
        if (client != null) {
            client.close();
            server.close();
        }
    }

    @Test
    void aStreamIsMadeOnceAndKeepsWhatIsPublished() {
        assertThat(client.streams().list()).isEmpty();
        client.streams().ensure(NEWS);
        assertThat(client.streams().ensure(NEWS).spec()).isEqualTo(NEWS);
        client.publish(() -> NatsMessage.of("news.a", new byte[10]));

        await().until(() -> client.streams().find("news").orElseThrow().messages() == 1);
        assertThat(client.streams().list()).singleElement().extracting("spec").isEqualTo(NEWS);
        assertThat(client.streams().find("olds")).isEmpty();
    }

    @Test
    void aStreamThatIsThereIsGivenWhatItLacks() {
        client.streams().ensure(NEWS);
        client.streams().ensure(new StreamSpec("news", List.of("more"), Duration.ofDays(9), 7));

        assertThat(client.streams().find("news").orElseThrow().spec())
                .isEqualTo(
                        new StreamSpec(
                                "news", List.of("more", "news.*"), NEWS.maxAge(), NEWS.maxBytes()));
    }

    @Test
    void subjectsThatAnotherStreamKeepsAreKept() {
        client.streams().ensure(NEWS);
        var again = new StreamSpec("again", List.of("news.*"), Duration.ofHours(1), 1 << 20);

        assertThat(client.streams().ensure(again).spec().name()).isEqualTo("news");
        assertThat(client.streams().list()).hasSize(1);
    }

    @Test
    void withoutServerTheyCannotBeAsked() {
        server.kill();
        await().until(() -> !client.isConnected());

        assertThatThrownBy(() -> client.streams().list())
                .isInstanceOf(NatsException.class)
                .hasMessageContaining("streams is not connected");
    }
}
