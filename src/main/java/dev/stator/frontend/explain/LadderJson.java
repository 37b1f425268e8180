package dev.stator.frontend.explain;

import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.routing.explain.HitLadder;
import dev.stator.routing.explain.LadderReading;
import dev.stator.routing.explain.Rung;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The ladders of all models as JSON.
final class LadderJson {
    private LadderJson() {}

    static JsonObject write(Map<String, HitLadder> ladders) {
        List<JsonObject> models =
                ladders.entrySet().stream().map(it -> model(it.getKey(), it.getValue())).toList();
        return new JsonObjectBuilder()
                .put("window_seconds", HitLadder.WINDOW.toSeconds())
                .putAll("models", models)
                .build();
    }

    private static JsonObject model(String name, HitLadder ladder) {
        return new JsonObjectBuilder()
                .put("model", name)
                .put("sample_rate", ladder.sampleRate())
                .put("lately", reading(ladder.lately()))
                .put("since_start", reading(ladder.sinceStart()))
                .build();
    }

    private static JsonObject reading(LadderReading reading) {
        return new JsonObjectBuilder()
                .put("requests", reading.requests())
                .put("prompt_tokens", reading.promptTokens())
                .putAll("rungs", Arrays.stream(Rung.values()).map(it -> rung(it, reading)).toList())
                .build();
    }

    private static JsonObject rung(Rung rung, LadderReading reading) {
        return new JsonObjectBuilder()
                .put("rung", rung.label())
                .put("cached_tokens", reading.cachedTokens(rung))
                .put("ratio", Math.round(reading.ratio(rung) * 1e6) / 1e6)
                .build();
    }
}
