package dev.stator.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A running `stator` with everything it printed. Closing ends it by force.
final class StatorProcess implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 120;
    private static final Pattern URL = Pattern.compile("URL +(http://\\S+)/v1");

    private final Process process;
    private final List<String> lines = new ArrayList<>(); // guarded by this
    private final Thread reader;
    private final HttpClient client = HttpClient.newHttpClient();

    private StatorProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /// `stator ARGUMENTS…` on the classes under test.
    static StatorProcess start(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-modules",
                                "jdk.incubator.vector",
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseCompactObjectHeaders",
                                "-XX:MaxTenuringThreshold=2",
                                "-XX:MetaspaceSize=64m",
                                "-Xmx1g",
                                "-Dlogback.configurationFile=logback.xml",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.stator.launch.cli.Stator"));
        command.addAll(Arrays.asList(arguments));
        try {
            return new StatorProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `stator serve` on a free port of the loopback address, once it is ready.
    static StatorProcess serve(String... arguments) throws InterruptedException {
        List<String> all =
                new ArrayList<>(List.of("serve", "--http-host", "127.0.0.1", "--http-port", "0"));
        all.addAll(Arrays.asList(arguments));
        StatorProcess stator = start(all.toArray(String[]::new));
        stator.awaitLine(line -> line.contains("Ctrl-C stops"));
        return stator;
    }

    /// The base URL of the card.
    String url() {
        Matcher matcher = URL.matcher(output());
        if (!matcher.find()) {
            throw new AssertionError("no URL in:\n" + output());
        }
        return matcher.group(1);
    }

    /// The answer to a request with this JSON body.
    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(url() + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url() + path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /// Everything printed so far.
    synchronized String output() {
        return String.join("\n", lines);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /// Waits for a line that was or will be printed.
    synchronized String awaitLine(Predicate<String> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (true) {
            var found = lines.stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || !process.isAlive()) {
                throw new AssertionError("the line did not come:\n" + String.join("\n", lines));
            }
            wait(Math.min(left, 100));
        }
    }

    /// Waits until a metric with this name has the value, whatever its labels.
    void awaitMetric(String name, int value) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        Pattern wanted = Pattern.compile("(?m)^" + name + "(\\{.*})? " + value + "\\.0$");
        while (!wanted.matcher(get("/metrics").body()).find()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(name + " did not become " + value);
            }
        }
    }

    /// Asks it to stop, as Ctrl-C does, and waits.
    int stop() throws InterruptedException {
        process.toHandle().destroy();
        return exitCode();
    }

    /// Ends it as `kill -9` does, and waits.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /// Waits until it ended and all it printed is known.
    int exitCode() throws InterruptedException {
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it did not end:\n" + output());
        }
        reader.join(Duration.ofSeconds(DEADLINE_SECONDS));
        return process.exitValue();
    }

    /// Processor time that it has used, in all its threads.
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /// Physical memory that it occupies.
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", "" + process.pid(), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS of process " + process.pid());
    }

    /// Bytes of its heap that are in use after a collection of all garbage.
    long liveBytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = Pattern.compile("used (\\d+)K").matcher(jcmd("GC.heap_info"));
        if (!used.find()) {
            throw new IOException("no heap of process " + process.pid());
        }
        return Long.parseLong(used.group(1)) << 10;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process asked = new ProcessBuilder(tool, "" + process.pid(), command).start();
        String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor();
        return answer;
    }

    /// Open file descriptors of the process.
    int descriptors() throws IOException {
        try (var files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return (int) files.count();
        }
    }

    @Override
    public void close() {
        client.close();
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                append(line);
            }
        } catch (IOException e) {
            append("reading ended: " + e);
        }
    }

    private synchronized void append(String line) {
        lines.add(line);
        notifyAll();
    }
}
