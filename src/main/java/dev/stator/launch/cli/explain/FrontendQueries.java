package dev.stator.launch.cli.explain;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.http.client.ClientRequest;
import dev.stator.platform.http.client.HttpAddress;
import dev.stator.platform.http.client.HttpClient;
import dev.stator.platform.http.client.HttpClientLimits;
import dev.stator.platform.http.client.HttpReply;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/// Asks one frontend.
final class FrontendQueries implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final HttpAddress address;
    private final HttpClient client = new HttpClient(HttpClientLimits.DEFAULT, 1);

    FrontendQueries(HttpAddress address) {
        this.address = address;
    }

    /// What is known of a request, if anything.
    Optional<JsonField> decisions(String requestId) throws IOException, InterruptedException {
        String encoded = URLEncoder.encode(requestId, StandardCharsets.UTF_8).replace("+", "%20");
        return get("/v1/stator/decisions/" + encoded);
    }

    JsonField recent(int limit) throws IOException, InterruptedException {
        return known(get("/v1/stator/decisions?limit=" + limit));
    }

    JsonField ladder() throws IOException, InterruptedException {
        return known(get("/v1/stator/ladder"));
    }

    @Override
    public void close() {
        client.close();
    }

    private JsonField known(Optional<JsonField> body) throws IOException {
        return body.orElseThrow(
                () -> new IOException(address + " is no frontend of Stator that can explain"));
    }

    /// Empty when it is not found.
    private Optional<JsonField> get(String path) throws IOException, InterruptedException {
        HttpReply reply = fetch(path);
        int status = reply.head().status();
        if (status == NOT_FOUND) {
            return Optional.empty();
        }
        if (status != OK) {
            throw new IOException(address + path + " answered " + status + ": " + reply.body());
        }
        try {
            return Optional.of(JsonField.root(Json.parse(reply.body(), JsonLimits.FILE)));
        } catch (JsonException e) {
            throw new IOException(address + path + " did not answer in JSON", e);
        }
    }

    private HttpReply fetch(String path) throws IOException, InterruptedException {
        try {
            return client.fetch(ClientRequest.get(address, path), WITHIN).get();
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(
                    "cannot ask the frontend at %s (%s); name another one with --url"
                            .formatted(address, cause.getMessage()),
                    e);
        }
    }
}
