package dev.stator.runtime.requests.tcp;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.tcp.TcpOptions;
import dev.stator.runtime.TextEndpoint;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.HandDriven;
import dev.stator.runtime.requests.Recording;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.RequestPlane.Serving;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Two planes under load, with slow callers, and what they leave behind.
@Timeout(60)
class ManyAnswersTest {
    private static final Endpoint<String, String> ECHO =
            TextEndpoint.of(new EndpointId("test", "backend", "echo"));
    private static final int STREAMS = 1_000;
    private static final int ITEMS = 20;

    /// Ours is 256 KiB; the system has its own on both sides.
    private static final long BUFFERED_BYTES_MAX = 16 << 20;

    private final Set<String> others = sockets();
    private final TcpRequestPlane calling = new TcpRequestPlane(TestPlanes.PATIENT);
    private final TcpRequestPlane serving = new TcpRequestPlane(TestPlanes.PATIENT);

    @AfterEach
    void close() {
        calling.close();
        serving.close();
    }

    @Test
    void aThousandAnswersAtOnceKeepApart() throws Exception {
        var allRunning = new CountDownLatch(STREAMS);
        RequestHandler<String, String> handler =
                (request, receiver) -> {
                    allRunning.countDown();
                    Thread.ofVirtual().start(() -> count(request, receiver, allRunning));
                    return new HandDriven().open(request, receiver);
                };
        Instance worker = instance(serving.serve(ECHO, 1, handler));
        List<Recording> answers = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            var answer = new Recording();
            calling.open(ECHO, worker, "stream " + i, answer);
            answers.add(answer);
        }
        for (int i = 0; i < STREAMS; i++) {
            assertThat(answers.get(i).awaitEnd()).isEqualTo(new Completed());
            String name = "stream " + i + " item ";
            assertThat(answers.get(i).items)
                    .isEqualTo(IntStream.range(0, ITEMS).mapToObj(it -> name + it).toList());
        }
    }

    private static void count(
            String request, StreamReceiver<String> receiver, CountDownLatch allRunning) {
        try {
            allRunning.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < ITEMS; i++) {
            receiver.onItem(request + " item " + i);
        }
        receiver.onEnd(new Completed());
    }

    @Test
    void aSlowCallerCostsABoundedBufferAndNobodyElse() throws Exception {
        var flood = new Flood();
        var served = new HandDriven();
        Instance flooding = instance(serving.serve(ECHO, 1, flood));
        Instance other = instance(serving.serve(ECHO, 2, served));
        var slow = new Counting();
        RemoteStream stream = calling.open(ECHO, flooding, "go", slow);
        await().until(() -> slow.items.get() > 1_000);
        stream.pause();
        await().until(() -> flood.isPaused);
        long sent = flood.sent.get();

        var quick = new Recording();
        calling.open(ECHO, other, "meanwhile", quick);
        served.awaitOne().send("a").end(new Completed());
        assertThat(quick.awaitEnd()).isEqualTo(new Completed());
        long buffered = flood.sent.get() - slow.items.get();
        assertThat(buffered * Flood.ITEM.length()).isLessThan(BUFFERED_BYTES_MAX);

        stream.resume();
        await().until(() -> flood.sent.get() > sent + 20_000);
        stream.close();
        await().until(() -> slow.end.isPresent());
        assertThat(slow.end).contains(new Completed());
    }

    @Test
    void aPausedAnswerIsNotTakenForLost() throws Exception {
        var impatient =
                new TcpOptions(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        64 << 10,
                        1 << 20,
                        0,
                        false,
                        100);
        var flood = new Flood();
        try (var worker = new TcpRequestPlane(TestPlanes.patient(10, impatient))) {
            Instance flooding = instance(worker.serve(ECHO, 1, flood));
            var slow = new Counting();
            RemoteStream stream = calling.open(ECHO, flooding, "go", slow);
            stream.pause();
            await().until(() -> flood.isPaused);
            long deadline = System.nanoTime() + impatient.peerSilenceMax().toNanos() * 3;
            await().until(() -> System.nanoTime() > deadline);

            assertThat(slow.end).isEmpty();
            stream.resume();
            long before = slow.items.get();
            await().atMost(Duration.ofMinutes(1)) // the system may retransmit slowly by now
                    .until(() -> slow.items.get() > before + 1_000);
            stream.close();
        }
    }

    @Test
    void connectionsAreSharedAndClosedWithThePlane() {
        var served = new HandDriven();
        Instance worker = instance(serving.serve(ECHO, 1, served));
        for (int i = 0; i < 50; i++) {
            var answer = new Recording();
            calling.open(ECHO, worker, "request", answer);
            int count = i + 1;
            await().until(() -> served.answers.size() == count);
            served.answers.getLast().end(new Completed());
            answer.awaitEnd();
        }
        assertThat(calling.requestConnections()).isEqualTo(1);
    }

    @Test
    void aBurstOpensMoreConnectionsButNotTooMany() {
        var served = new HandDriven();
        Instance worker = instance(serving.serve(ECHO, 1, served));
        for (int i = 0; i < 500; i++) {
            calling.open(ECHO, worker, "request", new Recording());
        }
        assertThat(calling.requestConnections()).isBetween(1, 4);
        await().until(() -> served.answers.size() == 500);
    }

    @Test
    void aReceiverMayCallAgain() {
        var served = new HandDriven();
        Instance worker = instance(serving.serve(ECHO, 1, served));
        var again = new Recording();
        var first = new Recording();
        StreamReceiver<String> chaining =
                new StreamReceiver<>() {
                    @Override
                    public void onItem(String item) {
                        first.onItem(item);
                    }

                    @Override
                    public void onEnd(StreamEnd end) {
                        serving.open(ECHO, worker, "second", again);
                    }
                };
        calling.open(ECHO, worker, "first", chaining);
        served.awaitOne().end(new Completed());
        await().until(() -> served.answers.size() == 2);
        served.answers.getLast().send("a").end(new Completed());

        assertThat(again.awaitEnd()).isEqualTo(new Completed());
    }

    @Test
    void moreThanMayBeAwaitedAreTooMany() {
        try (var small = new TcpRequestPlane(TestPlanes.patient(1, TcpOptions.DEFAULT))) {
            Instance worker = instance(serving.serve(ECHO, 1, new HandDriven()));
            small.open(ECHO, worker, "one", new Recording());
            var refused = new Recording();
            small.open(ECHO, worker, "two", refused);

            refused.awaitFailure(FailureCause.OVERLOADED);
        }
    }

    @Test
    void closingLeavesNothingBehind() throws Exception {
        var served = new HandDriven();
        Instance worker = instance(serving.serve(ECHO, 1, served));
        for (int i = 0; i < 20; i++) {
            calling.open(ECHO, worker, "request", new Recording()).pause();
        }
        await().until(() -> served.answers.size() == 20);
        calling.close();
        calling.close();
        serving.close();

        await().until(
                        () ->
                                Thread.getAllStackTraces().keySet().stream()
                                        .noneMatch(it -> it.getName().startsWith("requests")));
        await().until(() -> others.containsAll(sockets()));
        var late = new Recording();
        calling.open(ECHO, worker, "late", late);
        late.awaitFailure(FailureCause.CONNECTION_LOST);
    }

    /// The sockets that this process has open, by their inodes.
    private static Set<String> sockets() {
        File[] files = Objects.requireNonNull(new File("/proc/self/fd").listFiles());
        return Arrays.stream(files)
                .map(it -> target(it.toPath()))
                .filter(it -> it.startsWith("socket:"))
                .collect(Collectors.toSet());
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "closed meanwhile";
        }
    }

    private static Instance instance(Serving serving) {
        return new Instance(
                ECHO.id(), 1, serving.transport(), serving.metadata(), Optional.empty());
    }

    /// Sends as fast as it may until it is closed.
    private static final class Flood implements RequestHandler<String, String>, RemoteStream {
        static final String ITEM = "x".repeat(1 << 10);

        private final AtomicLong sent = new AtomicLong();
        private volatile boolean isPaused;
        private volatile boolean isClosed;

        @Override
        public RemoteStream open(String request, StreamReceiver<String> receiver) {
            Thread.ofVirtual().start(() -> run(receiver));
            return this;
        }

        private void run(StreamReceiver<String> receiver) {
            while (mayGoOn()) {
                receiver.onItem(ITEM);
                sent.incrementAndGet();
            }
            receiver.onEnd(new Completed());
        }

        private synchronized boolean mayGoOn() {
            try {
                while (isPaused && !isClosed) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return !isClosed;
        }

        @Override
        public synchronized void pause() {
            isPaused = true;
        }

        @Override
        public synchronized void resume() {
            isPaused = false;
            notifyAll();
        }

        @Override
        public synchronized void close() {
            isClosed = true;
            notifyAll();
        }
    }

    private static final class Counting implements StreamReceiver<String> {
        private final AtomicLong items = new AtomicLong();
        private volatile Optional<StreamEnd> end = Optional.empty();

        @Override
        public void onItem(String item) {
            items.incrementAndGet();
        }

        @Override
        public void onEnd(StreamEnd how) {
            end = Optional.of(how);
        }
    }
}
