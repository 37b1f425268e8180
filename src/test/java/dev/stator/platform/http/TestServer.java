package dev.stator.platform.http;

import dev.stator.testing.RawHttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A server on a free loopback port, with short limits so that tests can reach them.
final class TestServer implements AutoCloseable {
    static final Duration SHORT = Duration.ofMillis(300);

    private final HttpServer server;

    TestServer(Routes routes, HttpLimits limits) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new HttpServer(address, routes, ErrorPage.TEXT, limits);
    }

    /// `POST /echo` answers the body, `GET /hello` "hello", `GET /fail` throws.
    static Routes routes() {
        return Routes.builder()
                .add("POST", "/echo", TestServer::echo)
                .add("GET", "/hello", exchange -> exchange.respond(text("hello")))
                .add(
                        "GET",
                        "/fail",
                        _ -> {
                            throw new IllegalStateException("secret detail");
                        })
                .build();
    }

    private static void echo(HttpExchange exchange) {
        exchange.respond(text(new String(exchange.takeBody(), StandardCharsets.UTF_8)));
    }

    static HttpResponse text(String body) {
        return HttpResponse.of(200, "text/plain; charset=utf-8", body);
    }

    /// Small sizes, and generous times that no test waits for.
    static Limits limits() {
        return new Limits();
    }

    HttpServer server() {
        return server;
    }

    RawHttp connect() throws IOException {
        return RawHttp.connect(server.address().getPort());
    }

    RawHttp connect(int receiveBufferBytes) throws IOException {
        return RawHttp.connect(server.address().getPort(), receiveBufferBytes);
    }

    @Override
    public void close() {
        server.close();
    }

    /// Limits, one of which a test changes.
    static final class Limits {
        Duration headDeadline = Duration.ofSeconds(30);
        Duration bodyGrace = Duration.ofSeconds(30);
        Duration idleTimeout = Duration.ofSeconds(30);
        Duration stallTimeout = Duration.ofSeconds(30);
        int bodyBytesMax = 1_000;
        long bodyBytesTotalMax = 10_000;
        int bodyBytesPerSecondMin = 1_000;
        int connectionsMax = 100;
        int pipelinedPartsMax = 8;
        int pauseAtBytes = 16 << 10;
        int pendingBytesMax = 1 << 20;

        HttpLimits build() {
            return new HttpLimits(
                    200,
                    1_000,
                    10,
                    bodyBytesMax,
                    bodyBytesTotalMax,
                    headDeadline,
                    bodyGrace,
                    bodyBytesPerSecondMin,
                    idleTimeout,
                    connectionsMax,
                    pipelinedPartsMax,
                    pauseAtBytes,
                    pendingBytesMax,
                    stallTimeout,
                    4 << 10,
                    Duration.ofSeconds(20));
        }
    }
}
