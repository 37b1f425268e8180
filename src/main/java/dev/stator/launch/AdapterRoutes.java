package dev.stator.launch;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.HttpResponse;
import dev.stator.platform.http.Routes;
import dev.stator.worker.Worker;

import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Which adapters the workers of a process have, asked and changed over HTTP at Dynamo's paths:
/// `GET /v1/loras`, `POST /v1/loras` with a `lora_name`, `DELETE /v1/loras/{name}`.
///
/// The adapter itself is the engine's concern: what is told here is that it has it.
final class AdapterRoutes {
    private final Supplier<List<Worker>> workers;

    AdapterRoutes(Supplier<List<Worker>> workers) {
        this.workers = workers;
    }

    void addTo(Routes.Builder routes) {
        routes.add("GET", "/v1/loras", this::list)
                .add("POST", "/v1/loras", this::load)
                .add("DELETE", "/v1/loras/*", this::unload);
    }

    private void list(HttpExchange exchange) {
        var names = new TreeSet<String>();
        workers.get().stream().map(Worker::adapters).forEach(names::addAll);
        var body =
                new JsonObjectBuilder()
                        .put("status", "success")
                        .putStrings("loras", List.copyOf(names))
                        .put("count", names.size());
        respond(exchange, 200, body);
    }

    private void load(HttpExchange exchange) {
        try {
            JsonField asked = JsonField.root(Json.parse(exchange.takeBody(), JsonLimits.REQUEST));
            String name = asked.get("lora_name").string();
            long changed = change(it -> it.load(name));
            String message = changed > 0 ? "is loaded" : "was loaded already";
            respond(exchange, 200, said("success", name, message));
        } catch (JsonException | JsonFieldException | IllegalArgumentException e) {
            String reason = e.getMessage() == null ? "malformed" : e.getMessage();
            respond(exchange, 400, said("error", "", reason));
        }
    }

    private void unload(HttpExchange exchange) {
        String name = exchange.tail();
        boolean isGone = change(it -> it.unload(name)) > 0;
        respond(
                exchange,
                isGone ? 200 : 404,
                isGone
                        ? said("success", name, "is unloaded")
                        : said("error", name, "is not loaded"));
    }

    private long change(Predicate<Worker> change) {
        return workers.get().stream().filter(change).count();
    }

    private static JsonObjectBuilder said(String status, String adapter, String message) {
        return new JsonObjectBuilder()
                .put("status", status)
                .put("message", message)
                .put("lora_name", adapter);
    }

    private static void respond(HttpExchange exchange, int status, JsonObjectBuilder body) {
        exchange.respond(HttpResponse.of(status, "application/json", Json.write(body.build())));
    }
}
