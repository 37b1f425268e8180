package dev.stator.frontend;

import dev.stator.engine.Engine;
import dev.stator.frontend.explain.DecisionSource;
import dev.stator.model.GenerationDefaults;
import dev.stator.openai.prompt.PromptTemplate;
import dev.stator.openai.protocol.ChatMessage;
import dev.stator.platform.http.HttpLimits;
import dev.stator.platform.metrics.Metrics;
import dev.stator.testing.ByteTokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A frontend on a free loopback port with the model "test" on a given engine, and a client.
final class TestFrontend implements AutoCloseable {
    static final String MODEL = "test";
    static final String CHAT = "/v1/chat/completions";

    private static final Pattern CONTENT = Pattern.compile("\"delta\":\\{\"content\":\"([^\"]*)\"");

    /// The texts of the messages, one per line.
    static final PromptTemplate TEMPLATE =
            request ->
                    request.messages().stream()
                            .map(message -> text(message))
                            .collect(Collectors.joining("\n", "", "\n"));

    private final HttpClient client = HttpClient.newHttpClient();
    private final Metrics metrics = Metrics.withPrefix("dynamo_frontend");
    private final Frontend frontend;

    TestFrontend(Engine engine) {
        this(engine, HttpLimits.DEFAULT, 1_000);
    }

    TestFrontend(Engine engine, RequestRules rules) {
        this(engine, config(HttpLimits.DEFAULT, 1_000, rules), Operations.of(HealthSource.NONE));
    }

    TestFrontend(Engine engine, HttpLimits limits, int requestsMax) {
        this(
                engine,
                config(limits, requestsMax, RequestRules.DEFAULT),
                Operations.of(HealthSource.NONE));
    }

    /// With something to tell about decisions.
    TestFrontend(Engine engine, DecisionSource decisions) {
        this(
                engine,
                config(HttpLimits.DEFAULT, 1_000, RequestRules.DEFAULT),
                Operations.of(HealthSource.NONE, decisions));
    }

    private TestFrontend(Engine engine, FrontendConfig config, Operations operations) {
        try {
            frontend =
                    new Frontend(
                            config,
                            ModelDirectory.of(model(MODEL, engine)),
                            operations,
                            metrics,
                            TimeAndChance.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FrontendConfig config(HttpLimits limits, int requestsMax, RequestRules rules) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new FrontendConfig(address, requestsMax, rules, Duration.ofSeconds(5), limits, true);
    }

    static ServedModel model(String name, Engine engine) {
        var defaults =
                new GenerationDefaults(
                        List.of(ByteTokenizer.END),
                        OptionalInt.empty(),
                        Optional.empty(),
                        OptionalDouble.of(0.6),
                        OptionalInt.of(20),
                        OptionalDouble.of(0.95),
                        OptionalDouble.empty(),
                        OptionalDouble.empty());
        return new ServedModel(
                name, 1_700_000_000, engine, new ByteTokenizer(), TEMPLATE, defaults, true);
    }

    private static String text(ChatMessage message) {
        return message.content().orElse("");
    }

    Frontend frontend() {
        return frontend;
    }

    String metrics() {
        return metrics.text();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + frontend.address().getPort() + path);
    }

    /// A request body for the model, with more members, as in `,"n":2`.
    static String body(String more) {
        return "{\"model\":\"test\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                + more
                + "}";
    }

    /// The contents of all deltas of a stream of one choice.
    static String contents(String stream) {
        return CONTENT.matcher(stream)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.joining());
    }

    HttpResponse<String> chat(String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(CHAT)).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(
                request.header("content-type", "application/json")
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
    }

    @Override
    public void close() {
        frontend.close();
        client.close();
    }
}
