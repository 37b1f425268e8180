package dev.stator.launch.cli.explain;

import static dev.stator.launch.cli.explain.Figures.count;
import static dev.stator.launch.cli.explain.Figures.grouped;
import static dev.stator.launch.cli.explain.Figures.millis;

import dev.stator.platform.codec.JsonField;

import java.util.List;
import java.util.Optional;

/// The newest decisions, for people.
///
/// @param body of `GET /v1/stator/decisions`
record RecentText(JsonField body) {
    private static final List<String> HEADER =
            List.of(
                    "REQUEST",
                    "DECIDED",
                    ">PROMPT",
                    "WORKER",
                    ">CACHED",
                    ">FIRST TOKEN",
                    ">EXPECTED",
                    "END");

    String text() {
        List<JsonField> decisions = body.get("decisions").items();
        return decisions.isEmpty()
                ? "No request has been routed here lately.\n"
                : new AlignedTable(HEADER, decisions.stream().map(RecentText::row).toList()).text();
    }

    private static List<String> row(JsonField decision) {
        Optional<JsonField> outcome = decision.get("outcome").optional();
        Optional<JsonField> predicted = decision.get("predicted").optional();
        return List.of(
                decision.get("request_id").string(),
                Figures.time(decision.get("decided_at")),
                grouped(count(decision.get("prompt").get("tokens"))),
                decision.get("chosen").optional().map(JsonField::string).orElse("-"),
                outcome.map(it -> grouped(count(it.get("cached_tokens")))).orElse("-"),
                outcome.flatMap(it -> it.get("ttft_ms").optional())
                        .map(RecentText::time)
                        .orElse("-"),
                predicted.map(it -> time(it.get("ttft_ms"))).orElse("-"),
                outcome.map(it -> it.get("end").string())
                        .orElse(decision.get("refused").isPresent() ? "refused" : "running"));
    }

    private static String time(JsonField field) {
        return millis(field.number());
    }
}
