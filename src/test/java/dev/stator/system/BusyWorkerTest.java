package dev.stator.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The router spreads load: a busy worker is not given the next prompt it knows nothing of.
class BusyWorkerTest {
    private static final Pattern WORKER = Pattern.compile("worker=(\\S+) ");

    @Test
    void aDifferentPromptGoesToTheOtherWorker() throws Exception {
        try (var stator = StatorProcess.serve("--engine", "simulated");
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> busy = clients.submit(() -> ask(stator, "one long story", 600));
            stator.awaitMetric("dynamo_frontend_worker_running_requests", 1);
            ask(stator, "quite another question", 4);
            busy.get();

            String quick = worker(stator, "output=4 ");
            String slow = worker(stator, "output=600 ");
            assertThat(quick).isNotEqualTo(slow);
        }
    }

    private static Object ask(StatorProcess stator, String question, int tokens) throws Exception {
        return stator.post(
                "/v1/chat/completions",
                """
                {"model": "demo", "max_tokens": %d,
                 "messages": [{"role": "user", "content": "%s"}]}
                """
                        .formatted(tokens, question));
    }

    private static String worker(StatorProcess stator, String part) throws InterruptedException {
        Matcher matcher = WORKER.matcher(stator.awaitLine(line -> line.contains(part)));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
