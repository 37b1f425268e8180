package dev.stator.engine.remote;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.http.client.ClientRequest;
import dev.stator.platform.http.client.HttpClient;
import dev.stator.platform.http.client.HttpReply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/// Asks one server about itself and remembers what it did not answer. One thread.
final class ServerQuestions {
    private final HttpClient client;
    private final RemoteConfig config;
    private final List<String> complaints = new ArrayList<>();

    ServerQuestions(HttpClient client, RemoteConfig config) {
        this.client = client;
        this.config = config;
    }

    /// The object at `path`; empty when there is none. Throws `IOException` when no HTTP server
    /// answers at all.
    Optional<JsonField> json(String path) throws IOException, InterruptedException {
        Optional<String> body = text(path);
        try {
            return body.map(it -> JsonField.root(Json.parse(it, JsonLimits.REQUEST)))
                    .filter(JsonField::isObject);
        } catch (JsonException e) {
            complaints.add(path + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /// The text at `path`; as with `json`.
    Optional<String> text(String path) throws IOException, InterruptedException {
        ClientRequest request = Requests.signed(ClientRequest.get(config.address(), path), config);
        try {
            HttpReply reply = client.fetch(request, config.limits().probeTimeout()).get();
            if (reply.head().status() == 200) {
                return Optional.of(reply.body());
            }
            complaints.add(path + ": status " + reply.head().status());
            return Optional.empty();
        } catch (ExecutionException e) {
            String why = e.getCause() == null ? "" : e.getCause().getMessage();
            throw new IOException(
                    "no engine answers at %s: %s: %s".formatted(config.address(), path, why), e);
        }
    }

    /// What was not answered, and how.
    String complaints() {
        return String.join(", ", complaints);
    }
}
