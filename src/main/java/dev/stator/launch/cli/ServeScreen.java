package dev.stator.launch.cli;

import dev.stator.launch.engines.Startup;

import java.io.PrintStream;
import java.net.InetSocketAddress;

/// What `stator serve` prints: what it is doing, how far it is, and at last a card to start from.
///
/// On a terminal the progress stands in one line that is overwritten; elsewhere there is none.
final class ServeScreen implements Startup {
    private static final long PROGRESS_NANOS = 100_000_000;
    private static final int BAR_WIDTH = 30;

    private final PrintStream out;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();
    private long printedNanos; // guarded by this
    private boolean barShown; // guarded by this

    ServeScreen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void starting(ServeOptions options) {
        out.printf(
                "Stator %s: %s engine, model %s, %d workers, router mode %s%n",
                VersionText.version(),
                options.model().engineName(),
                options.model().modelPath(),
                options.workers(),
                options.routerMode());
    }

    @Override
    public void listening(InetSocketAddress address) {
        out.printf("listening on port %d, loading the model ...%n", address.getPort());
    }

    @Override
    public synchronized void weights(long doneBytes, long totalBytes) {
        long now = System.nanoTime();
        if (!terminal || (doneBytes < totalBytes && now - printedNanos < PROGRESS_NANOS)) {
            return;
        }
        printedNanos = now;
        barShown = true;
        int filled = (int) (BAR_WIDTH * doneBytes / Math.max(1, totalBytes));
        out.printf(
                "\rweights [%s%s] %d of %d MB",
                "=".repeat(filled),
                " ".repeat(BAR_WIDTH - filled),
                doneBytes / 1_000_000,
                totalBytes / 1_000_000);
        out.flush();
    }

    @Override
    public synchronized void workers(int open, int of) {
        if (barShown) {
            out.println();
            barShown = false;
        }
    }

    void card(InetSocketAddress address, String model, ServeOptions options) {
        String url = "http://localhost:" + address.getPort();
        out.printf(
                """

                ready after %.1f s
                  URL       %s/v1
                  model     %s
                  workers   %d (%s engine, %s routing, %d-token blocks)

                  curl -N %s/v1/chat/completions -H 'Content-Type: application/json' -d '{
                    "model": "%s", "stream": true,
                    "messages": [{"role": "user", "content": "What is the capital of France?"}]
                  }'

                Ctrl-C stops.
                """,
                (System.nanoTime() - startNanos) / 1e9,
                url,
                model,
                options.workers(),
                options.model().engineName(),
                options.routerMode(),
                options.model().pageSize(),
                url,
                model);
        out.flush();
    }
}
