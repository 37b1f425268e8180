package dev.stator.platform.http;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.testing.RawHttp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class HttpLimitsTest {
    private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String ECHO = "POST /echo HTTP/1.1\r\nHost: x\r\n";

    /// `~` stands for CR LF, `*` for 300 letters.
    @ParameterizedTest(name = "{1} {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "garbage~~                                                        | 400",
                "GET /hello HTTP/1.1~Host: x~Bad Name: y~~                        | 400",
                "GET /hello HTTP/1.1~~                                            | 400",
                "GET /hello HTTP/1.1~Host: a~Host: b~~                            | 400",
                "POST /echo HTTP/1.1~Host: x~Content-Length: -1~~                 | 400",
                "POST /echo HTTP/1.1~Host: x~Content-Length: many~~               | 400",
                "POST /echo HTTP/1.1~Host: x~Content-Length: 3~Content-Length: 4~~abcd | 400",
                "POST /echo HTTP/1.1~Host: x~Content-Length: 3~Transfer-Encoding: chunked~~0~~ |"
                        + " 400",
                "POST /echo HTTP/1.1~Host: x~Transfer-Encoding: chunked~~zz~abc~   | 400",
                "POST /echo HTTP/1.1~Host: x~Transfer-Encoding: gzip, chunked~~    | 501",
                "POST /echo HTTP/1.0~Transfer-Encoding: chunked~~0~~               | 400",
                "POST /none HTTP/1.1~Host: x~Content-Length: 5~~                   | 404",
                "POST /echo HTTP/1.1~Host: x~Content-Length: 1001~~                | 413",
                "POST /echo HTTP/1.1~Host: x~Content-Length: 99999999999999~~      | 413",
                "POST /echo HTTP/1.1~Host: x~Expect: more~Content-Length: 1~~      | 417",
                "GET /* HTTP/1.1~Host: x~~                                         | 414",
                "GET /hello HTTP/1.1~Host: x~A: *~B: *~C: *~D: *~~                 | 431",
                "GET /hello HTTP/1.1~Host: x~1: ~2: ~3: ~4: ~5: ~6: ~7: ~8: ~9: ~0: ~~ | 431",
                "GET /hello HTTP/2.0~Host: x~~                                     | 505",
            })
    void whatIsNotARequestIsRefusedAndTheConnectionClosed(String request, int status)
            throws IOException {
        String text = request.replace("~", "\r\n").replace("*", "a".repeat(300));
        try (var server = new TestServer(TestServer.routes(), TestServer.limits().build());
                RawHttp client = server.connect()) {
            RawHttp.Answer answer = client.send(text + HELLO).read();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void aBodyThatGrowsBeyondTheLimitIsRefused() throws IOException {
        try (var server = new TestServer(TestServer.routes(), TestServer.limits().build());
                RawHttp client = server.connect()) {
            client.send(ECHO + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 11; i++) {
                client.send("64\r\n" + "a".repeat(100) + "\r\n");
            }
            assertThat(client.read().status()).isEqualTo(413);
        }
    }

    @Test
    void aBodyOfExactlyTheLimitIsTaken() throws IOException {
        try (var server = new TestServer(TestServer.routes(), TestServer.limits().build());
                RawHttp client = server.connect()) {
            String body = "b".repeat(1_000);
            assertThat(client.post("/echo", body).read().body()).isEqualTo(body);
        }
    }

    @Test
    void allBodiesTogetherAreLimited() throws IOException {
        var limits = TestServer.limits();
        limits.bodyBytesTotalMax = 1_500;
        try (var server = new TestServer(TestServer.routes(), limits.build());
                RawHttp first = server.connect();
                RawHttp second = server.connect()) {
            first.send(ECHO + "Content-Length: 901\r\n\r\n" + "a".repeat(900));
            RawHttp third = server.connect();
            await().until(
                            () -> {
                                RawHttp.Answer answer =
                                        second.post("/echo", "b".repeat(550)).read();
                                return answer.status() == 200;
                            });
            third.send(ECHO + "Content-Length: 700\r\n\r\n" + "c".repeat(700));
            assertThat(third.read().status()).isEqualTo(503);
            third.close();

            assertThat(first.send("a").read().status()).isEqualTo(200);
            assertThat(second.post("/echo", "d".repeat(1_000)).read().status()).isEqualTo(200);
        }
    }

    @Test
    void bytesOfABodyThatNeverEndsAreGivenBack() throws IOException {
        var limits = TestServer.limits();
        limits.bodyBytesTotalMax = 1_500;
        try (var server = new TestServer(TestServer.routes(), limits.build())) {
            try (RawHttp client = server.connect()) {
                client.send(
                        ECHO
                                + "Expect: 100-continue\r\nContent-Length: 901\r\n\r\n"
                                + "a".repeat(900));
                assertThat(client.read().status()).isEqualTo(100);
            }
            await().until(() -> server.server().connections() == 0);
            try (RawHttp client = server.connect()) {
                assertThat(client.post("/echo", "b".repeat(1_000)).read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aRefusalReachesAClientThatIsStillSending() throws IOException {
        try (var server = new TestServer(TestServer.routes(), TestServer.limits().build());
                RawHttp client = server.connect()) {
            client.send(ECHO + "Content-Length: 9999999\r\n\r\n");
            for (int i = 0; i < 1_000; i++) {
                client.send("a".repeat(1_000));
            }
            assertThat(client.read().status()).isEqualTo(413);
        }
    }

    @Test
    void aSlowHeadIsCutOff() throws IOException {
        var limits = TestServer.limits();
        limits.headDeadline = TestServer.SHORT;
        try (var server = new TestServer(TestServer.routes(), limits.build());
                RawHttp client = server.connect()) {
            assertThat(client.send("GET /hello HT").read().status()).isEqualTo(408);
        }
    }

    @Test
    void aConnectionThatNeverSpeaksIsClosedSilently() throws IOException {
        var limits = TestServer.limits();
        limits.headDeadline = TestServer.SHORT;
        try (var server = new TestServer(TestServer.routes(), limits.build());
                RawHttp client = server.connect()) {
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void aSlowBodyIsCutOff() throws IOException {
        var limits = TestServer.limits();
        limits.bodyGrace = TestServer.SHORT;
        try (var server = new TestServer(TestServer.routes(), limits.build());
                RawHttp client = server.connect()) {
            client.send(ECHO + "Content-Length: 500\r\n\r\nabc");
            assertThat(client.read().status()).isEqualTo(408);
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        var limits = TestServer.limits();
        limits.idleTimeout = TestServer.SHORT;
        try (var server = new TestServer(TestServer.routes(), limits.build());
                RawHttp client = server.connect()) {
            assertThat(client.send(HELLO).read().status()).isEqualTo(200);
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void connectionsBeyondTheLimitAreRefused() throws IOException {
        var limits = TestServer.limits();
        limits.connectionsMax = 2;
        try (var server = new TestServer(TestServer.routes(), limits.build());
                RawHttp first = server.connect();
                RawHttp second = server.connect()) {
            assertThat(first.send(HELLO).read().status()).isEqualTo(200);
            assertThat(second.send(HELLO).read().status()).isEqualTo(200);
            try (RawHttp third = server.connect()) {
                assertThat(third.read().status()).isEqualTo(503);
            }
            second.end();
            await().until(() -> server.server().connections() == 1);
            try (RawHttp third = server.connect()) {
                assertThat(third.send(HELLO).read().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void noiseNeverHurtsTheServer(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        try (var server = new TestServer(TestServer.routes(), TestServer.limits().build())) {
            List<RawHttp> clients = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                RawHttp client = server.connect();
                clients.add(client);
                client.send(noise(random));
            }
            for (RawHttp client : clients) {
                client.close();
            }
            await().until(() -> server.server().connections() == 0);
            try (RawHttp client = server.connect()) {
                assertThat(client.send(HELLO).read().body()).isEqualTo("hello");
            }
        }
    }

    /// A request in which a few bytes are changed, doubled or cut.
    private static byte[] noise(SplittableRandom random) {
        String request =
                random.nextBoolean()
                        ? ECHO + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                        : ECHO + "Content-Length: 3\r\n\r\nabc" + HELLO;
        var text = new StringBuilder(request);
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, text.substring(at, Math.min(at + 9, text.length())));
                default -> text.delete(at, at + random.nextInt(9));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void limitsAreCheckedWhenTheyAreMade() {
        var limits = TestServer.limits();
        limits.connectionsMax = 0;
        assertThatThrownBy(limits::build).hasMessage("connections-max must be positive: 0");

        limits.connectionsMax = 1;
        limits.pendingBytesMax = 10;
        assertThatThrownBy(limits::build)
                .hasMessage("pending-bytes-max must not be below pause-at-bytes: 10 < 16384");
    }
}
