package dev.stator.frontend;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.simulated.TimingModel;
import dev.stator.platform.http.HttpLimits;
import dev.stator.testing.RawHttp;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

class ManyStreamsTest {
    private static final int STREAMS = 2_000;
    private static final int TOKENS = 24;

    /// Every client reads its first event, waits for all others to have theirs, and reads on.
    @Test
    void twoThousandStreamsOpenAtOnceEachGetTheirOwnTokens() throws Exception {
        BatchingEngine engine = SimulatedEngines.open(STREAMS, TimingModel.INSTANT);
        try (engine;
                var frontend = new TestFrontend(engine, HttpLimits.DEFAULT, STREAMS);
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var allOpen = new CyclicBarrier(STREAMS);
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                answers.add(clients.submit(client(frontend, i, allOpen)));
            }
            for (int i = 0; i < STREAMS; i++) {
                assertThat(answers.get(i).get(60, TimeUnit.SECONDS))
                        .isEqualTo(SimulatedEngines.answer("number " + i, i, TOKENS));
            }
            await().until(() -> frontend.frontend().requests() == 0);
            assertThat(frontend.metrics())
                    .contains("inflight_requests{model=\"test\"} 0.0")
                    .contains("output_tokens_total{model=\"test\"} " + STREAMS * TOKENS + ".0");
        }
    }

    private static Callable<String> client(
            TestFrontend frontend, int number, CyclicBarrier allOpen) {
        String body =
                TestFrontend.body(
                                ",\"stream\":true,\"max_tokens\":" + TOKENS + ",\"seed\":" + number)
                        .replace("hi", "number " + number);
        return () -> {
            try (RawHttp client = RawHttp.connect(frontend.frontend().address().getPort())) {
                client.post(TestFrontend.CHAT, body);
                client.readUntil("\"role\":\"assistant\"");
                allOpen.await(60, TimeUnit.SECONDS);
                return TestFrontend.contents(client.readUntil("data: [DONE]"));
            }
        };
    }
}
