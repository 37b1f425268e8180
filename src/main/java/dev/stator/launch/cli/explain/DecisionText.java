package dev.stator.launch.cli.explain;

import static dev.stator.launch.cli.explain.Figures.bar;
import static dev.stator.launch.cli.explain.Figures.count;
import static dev.stator.launch.cli.explain.Figures.grouped;
import static dev.stator.launch.cli.explain.Figures.millis;
import static dev.stator.launch.cli.explain.Figures.wrapped;

import dev.stator.platform.codec.JsonField;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The answer about one request, for people.
///
/// @param body of `GET /v1/stator/decisions/{request_id}`
record DecisionText(JsonField body) {
    private static final int COLUMNS = 96;
    private static final String EXPECTED =
            "What each worker would have taken for the first token, as expected then:\n\n";

    String text() {
        var text = new StringBuilder();
        List<JsonField> decisions = body.get("decisions").items();
        text.append("Request ").append(body.get("request_id").string());
        body.get("x_request_id")
                .optional()
                .filter(it -> !it.string().equals(body.get("request_id").string()))
                .ifPresent(it -> text.append(", x-request-id ").append(it.string()));
        text.append('\n').append(asked(decisions.getFirst()));
        for (JsonField decision : decisions) {
            text.append('\n').append(decisions.size() > 1 ? heading(decision) : "");
            text.append(decision(decision));
        }
        List<String> others =
                body.get("others_of_this_name").items().stream().map(JsonField::string).toList();
        if (!others.isEmpty()) {
            text.append("\nOther requests with this x-request-id: ")
                    .append(String.join(", ", others))
                    .append('\n');
        }
        return text.toString();
    }

    private static String asked(JsonField decision) {
        JsonField prompt = decision.get("prompt");
        String adapter =
                decision.get("adapter").optional().map(it -> ", adapter " + it.string()).orElse("");
        return "%s, model %s%s: a prompt of %s tokens (%s blocks of %s)%n"
                .formatted(
                        Figures.time(decision.get("decided_at")),
                        decision.get("model").string(),
                        adapter,
                        grouped(count(prompt.get("tokens"))),
                        grouped(count(prompt.get("blocks"))),
                        grouped(count(prompt.get("block_size_tokens"))));
    }

    private String heading(JsonField decision) {
        String id = decision.get("request_id").string();
        String choice = id.equals(body.get("request_id").string()) ? "" : "Choice " + id + ", ";
        String heading = choice + "attempt " + count(decision.get("attempt"));
        return heading.substring(0, 1).toUpperCase(Locale.ROOT) + heading.substring(1) + ":\n";
    }

    private static String decision(JsonField decision) {
        String table =
                decision.get("candidates").isPresent()
                        ? EXPECTED + candidates(decision) + "\n"
                        : "";
        String outcome = decision.get("what_came_of_it").string();
        return table
                + wrapped(decision.get("why").string(), COLUMNS)
                + (outcome.isEmpty() ? "" : "\n" + wrapped(outcome, COLUMNS));
    }

    private static String candidates(JsonField decision) {
        boolean caches = decision.get("policy").get("mode").string().equals("kv");
        List<JsonField> candidates = decision.get("candidates").items();
        double most = candidates.stream().mapToDouble(DecisionText::firstToken).max().orElse(0);
        List<List<String>> rows = new ArrayList<>();
        for (JsonField candidate : candidates) {
            JsonField estimate = candidate.get("estimate");
            rows.add(
                    List.of(
                            candidate.get("chosen").bool() ? "->" : "",
                            candidate.get("worker").string(),
                            caches ? cached(candidate) : "not looked at",
                            grouped(count(candidate.get("load").get("active_requests"))),
                            millis(estimate.get("wait_ms").number()),
                            millis(estimate.get("prefill_ms").number()),
                            millis(firstToken(candidate)),
                            bar(firstToken(candidate), most)));
        }
        var header =
                List.of(
                        "",
                        "WORKER",
                        ">CACHED TOKENS",
                        ">RUNNING",
                        ">WAIT",
                        ">COMPUTE",
                        ">FIRST TOKEN",
                        "");
        return new AlignedTable(header, rows).text() + unlisted(decision, candidates.size());
    }

    private static String unlisted(JsonField decision, int listed) {
        int compared = count(decision.get("workers").get("compared"));
        return compared > listed
                ? "    and %s more, none of them cheaper%n".formatted(grouped(compared - listed))
                : "";
    }

    private static double firstToken(JsonField candidate) {
        JsonField estimate = candidate.get("estimate");
        return estimate.get("wait_ms").number() + estimate.get("prefill_ms").number();
    }

    private static String cached(JsonField candidate) {
        JsonField cached = candidate.get("cached");
        int lower = count(cached.get("host_blocks")) + count(cached.get("disk_blocks"));
        return grouped(count(cached.get("device_tokens")))
                + (lower > 0 ? " + " + grouped(lower) + " blocks below" : "");
    }
}
