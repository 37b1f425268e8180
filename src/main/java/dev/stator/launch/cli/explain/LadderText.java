package dev.stator.launch.cli.explain;

import static dev.stator.launch.cli.explain.Figures.bar;
import static dev.stator.launch.cli.explain.Figures.grouped;
import static dev.stator.launch.cli.explain.Figures.percent;

import dev.stator.platform.codec.JsonField;

import java.util.ArrayList;
import java.util.List;

/// The ladders of hit ratios, for people.
///
/// @param body of `GET /v1/stator/ladder`
record LadderText(JsonField body) {
    private static final List<String> HEADER = List.of("", "", ">", "");

    String text() {
        List<JsonField> models = body.get("models").items();
        if (models.isEmpty()) {
            return "No model has been served here yet.\n";
        }
        var text =
                new StringBuilder(
                        "How much of the prompts was found in caches, and how much could have"
                                + " been:\n");
        long minutes = body.get("window_seconds").integer(1, Integer.MAX_VALUE) / 60;
        for (JsonField model : models) {
            String name = "\nModel " + model.get("model").string();
            text.append(name)
                    .append(", last ")
                    .append(minutes)
                    .append(" minutes")
                    .append(reading(model.get("lately")));
            text.append(name).append(", since the start").append(reading(model.get("since_start")));
            double rate = model.get("sample_rate").number();
            if (rate < 1) {
                text.append("\nThe first two are estimates from one block in ")
                        .append(grouped(Math.round(1 / rate)))
                        .append(".\n");
            }
        }
        return text.toString();
    }

    private static String reading(JsonField reading) {
        long requests = reading.get("requests").integer(0L, Long.MAX_VALUE);
        if (requests == 0) {
            return ": no request\n";
        }
        List<List<String>> rows = new ArrayList<>();
        for (JsonField rung : reading.get("rungs").items()) {
            double ratio = rung.get("ratio").number();
            rows.add(List.of("", words(rung.get("rung").string()), percent(ratio), bar(ratio, 1)));
        }
        return " (%s %s, %s prompt tokens):%n%s"
                .formatted(
                        grouped(requests),
                        requests == 1 ? "request" : "requests",
                        grouped(reading.get("prompt_tokens").integer(0L, Long.MAX_VALUE)),
                        new AlignedTable(HEADER, rows).lines());
    }

    private static String words(String rung) {
        return switch (rung) {
            case "ideal" -> "ideal: one cache without bounds";
            case "capacity_bound" -> "bound: one cache as large as all workers' together";
            case "best_worker" -> "best worker: always the one that holds most";
            case "predicted" -> "predicted: what the router believed of its choice";
            case "achieved" -> "achieved: what the workers found";
            default -> rung;
        };
    }
}
