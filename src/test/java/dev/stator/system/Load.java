package dev.stator.system;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that send one request after the other, from a small set of long prompts, until closed.
final class Load implements AutoCloseable {
    private static final int PROMPTS = 12;

    private final StatorProcess frontend;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean ending;

    Load(StatorProcess frontend, int count) {
        this.frontend = frontend;
        for (int i = 0; i < count; i++) {
            int client = i;
            clients.add(Thread.ofVirtual().start(() -> run(client)));
        }
    }

    static String prompt(int number) {
        return "prompt %d: ".formatted(number) + "the quick brown fox jumps. ".repeat(20);
    }

    /// Requests answered with 200 so far.
    int answered() {
        return answered.get();
    }

    /// What went wrong so far, one line for each request.
    List<String> failures() {
        return List.copyOf(failures);
    }

    /// Ends after the running requests.
    @Override
    public void close() {
        ending = true;
        try {
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(int client) {
        for (int i = client; !ending; i++) {
            try {
                HttpResponse<String> response =
                        ClusterWalkTest.complete(frontend, prompt(i % PROMPTS));
                if (response.statusCode() == 200) {
                    answered.incrementAndGet();
                } else {
                    failures.add(response.statusCode() + ": " + response.body());
                }
            } catch (IOException e) {
                failures.add(e.toString());
            } catch (Exception e) {
                failures.add("the client broke: " + e);
                return;
            }
        }
    }
}
