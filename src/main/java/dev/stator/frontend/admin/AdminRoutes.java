package dev.stator.frontend.admin;

import dev.stator.frontend.completion.Replies;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.HttpResponse;
import dev.stator.platform.http.Routes;
import dev.stator.routing.eligibility.BusyThresholds;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Locale;
import java.util.Optional;

/// Dynamo's `/busy_threshold`: GET lists what holds for every model, POST with a model alone reads
/// its thresholds, POST with thresholds sets those. Errors are `{"error": "…"}`: 415 for what is
/// not JSON by its type, 400 for what is not by its text, 422 for a wrong type, 400 for a wrong
/// value, 404 for setting what no model has.
public final class AdminRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
    private static final String PATH = "/busy_threshold";

    private final BusyThresholdAdmin thresholds;

    public AdminRoutes(BusyThresholdAdmin thresholds) {
        this.thresholds = thresholds;
    }

    public void addTo(Routes.Builder routes) {
        routes.add("GET", PATH, this::list).add("POST", PATH, this::readOrSet);
    }

    private void list(HttpExchange exchange) {
        var models =
                thresholds.all().entrySet().stream()
                        .map(it -> BusyThresholdJson.write(it.getKey(), it.getValue()));
        exchange.respond(json(new JsonObjectBuilder().putAll("thresholds", models.toList())));
    }

    private void readOrSet(HttpExchange exchange) {
        exchange.respond(
                isJson(exchange)
                        ? answer(exchange)
                        : error(415, "content-type must be application/json"));
    }

    private static boolean isJson(HttpExchange exchange) {
        return exchange.header("content-type")
                .map(it -> it.toLowerCase(Locale.ROOT).strip().startsWith("application/json"))
                .orElse(false);
    }

    private HttpResponse answer(HttpExchange exchange) {
        try {
            return answer(JsonField.root(Json.parse(exchange.takeBody(), JsonLimits.REQUEST)));
        } catch (JsonException | IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()));
        } catch (JsonFieldException e) {
            return error(422, String.valueOf(e.getMessage()));
        }
    }

    private HttpResponse answer(JsonField request) {
        String model = request.get("model").string();
        BusyThresholds asked = BusyThresholdJson.read(request);
        boolean isSetting = !asked.equals(BusyThresholds.NONE);
        Optional<BusyThresholds> now = thresholds.update(model, asked);
        if (isSetting && now.isEmpty()) {
            return error(
                    404,
                    "model '%s' is not known: thresholds are set for models that have been seen"
                            .formatted(Replies.shown(model)));
        }
        if (isSetting) {
            LOG.info("busy thresholds of {}: {}", model, now.get());
        }
        return Replies.json(
                200, Json.write(BusyThresholdJson.write(model, now.orElse(BusyThresholds.NONE))));
    }

    private static HttpResponse json(JsonObjectBuilder body) {
        return Replies.json(200, Json.write(body.build()));
    }

    private static HttpResponse error(int status, String message) {
        return Replies.json(
                status, Json.write(new JsonObjectBuilder().put("error", message).build()));
    }
}
