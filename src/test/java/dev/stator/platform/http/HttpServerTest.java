package dev.stator.platform.http;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.testing.RawHttp;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class HttpServerTest {
    private static final String HELLO = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(TestServer.routes(), TestServer.limits().build());
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.close();
    }

    @Test
    void aConnectionServesRequestAfterRequest() throws IOException {
        try (RawHttp client = server.connect()) {
            assertThat(client.send(HELLO).read().body()).isEqualTo("hello");
            assertThat(client.post("/echo", "grüß").read().body()).isEqualTo("grüß");
            assertThat(client.send(HELLO).read().headers())
                    .containsEntry("content-length", "5")
                    .doesNotContainKey("connection");
        }
    }

    @Test
    void theQueryIsDecodedByName() throws IOException {
        var queries =
                Routes.builder()
                        .add(
                                "GET",
                                "/q",
                                it -> it.respond(TestServer.text(it.query("a").orElse("none"))))
                        .build();
        try (var asked = new TestServer(queries, TestServer.limits().build());
                RawHttp client = asked.connect()) {
            assertThat(client.send(get("/q?b=1&a=x%2Fy+z&a=2")).read().body()).isEqualTo("x/y z");
            assertThat(client.send(get("/q?b=1")).read().body()).isEqualTo("none");
            assertThat(client.send(get("/q")).read().body()).isEqualTo("none");
        }
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderHoweverMany() throws IOException {
        try (RawHttp client = server.connect()) {
            for (int i = 0; i < 200; i++) {
                client.post("/echo", "number " + i);
            }
            for (int i = 0; i < 200; i++) {
                assertThat(client.read().body()).isEqualTo("number " + i);
            }
        }
    }

    @Test
    void aRequestThatArrivesByteByByteIsUnderstood() throws IOException {
        try (RawHttp client = server.connect()) {
            String request =
                    """
                    POST /echo HTTP/1.1\r
                    Host: x\r
                    Transfer-Encoding: chunked\r
                    \r
                    3\r
                    abc\r
                    2;x=y\r
                    de\r
                    0\r
                    \r
                    """;
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertThat(client.read().body()).isEqualTo("abcde");
        }
    }

    @Test
    void headHasTheLengthAndNoBody() throws IOException {
        try (RawHttp client = server.connect()) {
            RawHttp.Answer head = client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n").readHead();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.headers()).containsEntry("content-length", "5");
            assertThat(client.send(HELLO).read().body()).isEqualTo("hello");
        }
    }

    @Test
    void unknownPathsAndMethodsAreNamedAndTheConnectionStays() throws IOException {
        try (RawHttp client = server.connect()) {
            assertThat(client.send("GET /no HTTP/1.1\r\nHost: x\r\n\r\n").read())
                    .isEqualTo(
                            new RawHttp.Answer(
                                    404,
                                    Map.of(
                                            "content-length", "18",
                                            "content-type", "text/plain; charset=utf-8"),
                                    "no such path: /no\n"));
            RawHttp.Answer wrong = client.send("BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n").read();
            assertThat(wrong.status()).isEqualTo(405);
            assertThat(wrong.headers()).containsEntry("allow", "GET, HEAD, OPTIONS");
            RawHttp.Answer options =
                    client.send("OPTIONS /echo HTTP/1.1\r\nHost: x\r\n\r\n").read();
            assertThat(options.status()).isEqualTo(204);
            assertThat(options.headers()).containsEntry("allow", "POST, OPTIONS");
            assertThat(client.send(HELLO).read().status()).isEqualTo(200);
        }
    }

    @Test
    void aFailingHandlerTellsNothingOfItself() throws IOException {
        try (RawHttp client = server.connect()) {
            RawHttp.Answer answer = client.send("GET /fail HTTP/1.1\r\nHost: x\r\n\r\n").read();

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo("internal error\n");
            assertThat(client.send(HELLO).read().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatAsksFirstIsToldToContinue() throws IOException {
        try (RawHttp client = server.connect()) {
            client.send(
                    """
                    POST /echo HTTP/1.1\r
                    Host: x\r
                    Expect: 100-continue\r
                    Content-Length: 2\r
                    \r
                    """);
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("ok").read().body()).isEqualTo("ok");
        }
    }

    @Test
    void anOldClientGetsTheEndOfTheConnection() throws IOException {
        try (RawHttp client = server.connect()) {
            String answer = client.send("GET /hello HTTP/1.0\r\n\r\n").readToEnd();

            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void aClientThatAsksToCloseIsClosed() throws IOException {
        try (RawHttp client = server.connect()) {
            String answer =
                    client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .readToEnd();

            assertThat(answer).contains("connection: close").endsWith("hello");
        }
    }

    @Test
    void answeringTwiceIsRefused() throws Exception {
        var refused = new CompletableFuture<Boolean>();
        Routes routes =
                Routes.builder()
                        .add(
                                "GET",
                                "/twice",
                                exchange -> {
                                    exchange.respond(TestServer.text("one"));
                                    assertThatThrownBy(
                                                    () -> exchange.respond(TestServer.text("two")))
                                            .isInstanceOf(IllegalStateException.class);
                                    refused.complete(true);
                                })
                        .build();
        try (var other = new TestServer(routes, TestServer.limits().build());
                RawHttp client = other.connect()) {
            assertThat(client.send("GET /twice HTTP/1.1\r\nHost: x\r\n\r\n").read().body())
                    .isEqualTo("one");
            assertThat(refused).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void drainingLetsWhatRunsEndAndClosesWhatIsIdle() throws Exception {
        try (var slow = new TestServer(waiting(), TestServer.limits().build());
                RawHttp idle = slow.connect();
                RawHttp busy = slow.connect()) {
            busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
            entered.await();
            await().until(() -> slow.server().connections() == 2);

            assertThat(slow.server().drain(Duration.ofMillis(10))).isFalse();
            assertThat(idle.readToEnd()).isEmpty();
            assertThatThrownBy(slow::connect).isInstanceOf(IOException.class);

            release.countDown();
            RawHttp.Answer answer = busy.read();
            assertThat(answer.body()).isEqualTo("done");
            assertThat(answer.headers()).containsEntry("connection", "close");
            busy.end();
            assertThat(slow.server().drain(Duration.ofSeconds(20))).isTrue();
            await().until(() -> slow.server().connections() == 0);
        }
    }

    private Routes waiting() {
        return Routes.builder()
                .add(
                        "GET",
                        "/wait",
                        exchange -> {
                            entered.countDown();
                            release.await();
                            exchange.respond(TestServer.text("done"));
                        })
                .build();
    }

    @Test
    void whatIsScheduledHappensUntilTheAnswerIsComplete() throws Exception {
        var beats = new AtomicInteger();
        var late = new AtomicInteger();
        var timed =
                Routes.builder()
                        .add(
                                "GET",
                                "/t",
                                it -> {
                                    it.every(Duration.ofMillis(2), beats::incrementAndGet);
                                    it.after(Duration.ofMillis(80), late::incrementAndGet);
                                    it.after(
                                            Duration.ofMillis(40),
                                            () -> it.respond(TestServer.text("tick")));
                                })
                        .add("GET", "/wait", it -> answerAfter(it, Duration.ofMillis(120)))
                        .build();
        try (var asked = new TestServer(timed, TestServer.limits().build());
                RawHttp client = asked.connect()) {
            assertThat(client.send(get("/t")).read().body()).isEqualTo("tick");
            int heard = beats.get();
            assertThat(heard).isPositive();
            assertThat(client.send(get("/wait")).read().body()).isEqualTo("done");
            assertThat(beats.get()).isLessThanOrEqualTo(heard + 1);
            assertThat(late.get()).isZero();
        }
    }

    private static void answerAfter(HttpExchange exchange, Duration delay) {
        exchange.after(delay, () -> exchange.respond(TestServer.text("done")));
    }

    @Test
    void aTakenAddressIsAnError() {
        assertThatThrownBy(
                        () ->
                                new HttpServer(
                                        server.server().address(),
                                        TestServer.routes(),
                                        ErrorPage.TEXT,
                                        TestServer.limits().build()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on");
    }
}
