package dev.stator.platform.http;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import dev.stator.testing.RawHttp;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class SseStreamTest {
    private static final String OPEN = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";

    private final BlockingQueue<SseStream> streams = new LinkedBlockingQueue<>(10);
    private final AtomicInteger full = new AtomicInteger();
    private final AtomicInteger room = new AtomicInteger();
    private final AtomicInteger gone = new AtomicInteger();

    private TestServer server(TestServer.Limits limits) throws IOException {
        Routes routes =
                Routes.builder()
                        .add(
                                "GET",
                                "/stream",
                                exchange -> {
                                    exchange.onDisconnect(gone::incrementAndGet);
                                    streams.add(exchange.openSse(Map.of("x-a", "b"), listener()));
                                })
                        .add("GET", "/hello", exchange -> exchange.respond(TestServer.text("hi")))
                        .build();
        return new TestServer(routes, limits.build());
    }

    private SseStream.Listener listener() {
        return new SseStream.Listener() {
            @Override
            public void onFull() {
                full.incrementAndGet();
            }

            @Override
            public void onRoom() {
                room.incrementAndGet();
            }
        };
    }

    private SseStream opened() throws InterruptedException {
        SseStream stream = streams.poll(20, TimeUnit.SECONDS);
        assertThat(stream).isNotNull();
        return stream;
    }

    @Test
    void theHeadLeavesBeforeTheFirstEventAndEventsAreFramed() throws Exception {
        try (TestServer server = server(TestServer.limits());
                RawHttp client = server.connect()) {
            client.send(OPEN);
            RawHttp.Answer head = client.readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.headers())
                    .containsEntry("content-type", "text/event-stream; charset=utf-8")
                    .containsEntry("transfer-encoding", "chunked")
                    .containsEntry("cache-control", "no-cache")
                    .containsEntry("x-a", "b");

            SseStream stream = opened();
            stream.send("{\"a\":\"é\"}");
            assertThat(client.readUntil("\n\n\r\n")).isEqualTo("12\r\ndata: {\"a\":\"é\"}\n\n\r\n");

            stream.send("[DONE]");
            stream.finish();
            stream.send("late");
            assertThat(client.readUntil("0\r\n\r\n"))
                    .contains("data: [DONE]")
                    .doesNotContain("late");
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("hi");
            assertThat(gone).hasValue(0);
        }
    }

    @Test
    void eventsSentAtOnceArriveInOrder() throws Exception {
        try (TestServer server = server(TestServer.limits());
                RawHttp client = server.connect()) {
            client.send("GET /stream HTTP/1.0\r\n\r\n");
            SseStream stream = opened();
            var expected = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                stream.send("event " + i);
                expected.append("data: event ").append(i).append("\n\n");
            }
            stream.finish();
            client.readUntil("\r\n\r\n");
            assertThat(client.readToEnd()).isEqualTo(expected.toString());
        }
    }

    @Test
    void aClientThatLeavesIsNoticedWhetherItEndsOrResets() throws Exception {
        try (TestServer server = server(TestServer.limits())) {
            RawHttp orderly = server.connect().send(OPEN);
            opened();
            orderly.close();
            await().untilAtomic(gone, is(1));

            RawHttp abrupt = server.connect().send(OPEN);
            SseStream stream = opened();
            abrupt.reset();
            await().untilAtomic(gone, is(2));
            stream.send("to nobody");
            stream.finish();
        }
    }

    @Test
    void aClientThatDoesNotReadIsReportedAndHeardOfAgain() throws Exception {
        try (TestServer server = server(TestServer.limits());
                RawHttp client = server.connect(4 << 10)) {
            client.send(OPEN);
            SseStream stream = opened();
            int events = fill(stream);
            assertThat(room).hasValue(0);

            for (int i = 0; i < events; i++) {
                client.readUntil("\n\n");
            }
            await().untilAtomic(room, is(1));
            stream.finish();
            client.readUntil("0\r\n\r\n");
        }
    }

    /// Sends until the stream says it is full; how many events that took.
    private int fill(SseStream stream) {
        String event = "x".repeat(1_000);
        var sent = new AtomicInteger();
        await().until(
                        () -> {
                            if (full.get() == 0) {
                                stream.send(event);
                                sent.incrementAndGet();
                            }
                            return full.get() > 0;
                        });
        return sent.get();
    }

    @Test
    void aClientThatStaysFullIsCutOff() throws Exception {
        var limits = TestServer.limits();
        limits.stallTimeout = TestServer.SHORT;
        try (TestServer server = server(limits);
                RawHttp client = server.connect(4 << 10)) {
            client.send(OPEN);
            fill(opened());
            await().untilAtomic(gone, is(1));
        }
    }

    @Test
    void aClientThatDoesNotTakeTheEndIsCutOff() throws Exception {
        var limits = TestServer.limits();
        limits.stallTimeout = TestServer.SHORT;
        limits.pauseAtBytes = 1 << 20;
        limits.pendingBytesMax = 1 << 20;
        try (TestServer server = server(limits);
                RawHttp client = server.connect(4 << 10)) {
            client.send(OPEN);
            SseStream stream = opened();
            stream.send("x".repeat(500_000));
            stream.finish();
            await().untilAtomic(gone, is(1));
            assertThat(full).hasValue(0);
        }
    }

    @Test
    void aClientThatTakesOnlyAPartOfTheEndIsCutOff() throws Exception {
        var limits = TestServer.limits();
        limits.stallTimeout = TestServer.SHORT;
        limits.pauseAtBytes = 200_000;
        try (TestServer server = server(limits);
                RawHttp client = server.connect(4 << 10)) {
            client.send("GET /stream HTTP/1.0\r\n\r\n");
            SseStream stream = opened();
            stream.send("x".repeat(500_000) + "middle");
            await().untilAtomic(full, is(1));
            stream.send("x".repeat(60_000));
            stream.finish();
            client.readUntil("middle");
            await().untilAtomic(gone, is(1));
        }
    }

    @Test
    void aSourceThatIgnoresAFullClientIsCutOff() throws Exception {
        var limits = TestServer.limits();
        limits.pendingBytesMax = 100 << 10;
        try (TestServer server = server(limits);
                RawHttp client = server.connect(4 << 10)) {
            client.send(OPEN);
            SseStream stream = opened();
            await().until(
                            () -> {
                                stream.send("x".repeat(2_000));
                                return gone.get() == 1;
                            });
        }
    }

    @Test
    void anAbortedStreamNeverLooksComplete() throws Exception {
        try (TestServer server = server(TestServer.limits())) {
            for (int i = 1; i <= 20; i++) {
                try (RawHttp client = server.connect()) {
                    client.send(OPEN);
                    opened().abort();
                    assertThat(client.readToEnd()).doesNotContain("0\r\n\r\n");
                    await().untilAtomic(gone, is(i));
                }
            }
        }
    }
}
