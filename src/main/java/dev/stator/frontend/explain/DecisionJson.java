package dev.stator.frontend.explain;

import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.routing.RoutingChoice;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.cost.RoutingCost.Term;
import dev.stator.routing.explain.ChoiceReason;
import dev.stator.routing.explain.DecisionRecord;
import dev.stator.routing.explain.DecisionRecord.Asked;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.Verdict.Chosen;
import dev.stator.routing.explain.DecisionRecord.Verdict.Refused;
import dev.stator.routing.explain.Explanation;
import dev.stator.routing.explain.PriceComparison;
import dev.stator.routing.rebalance.Rebalance;

import java.time.Duration;
import java.util.Optional;

/// A decision as JSON. Times are milliseconds.
final class DecisionJson {
    private DecisionJson() {}

    /// @param header the `x-request-id` of its request, where it is known
    static JsonObject write(DecisionRecord decision, Optional<String> header) {
        Asked asked = decision.asked();
        var json =
                new JsonObjectBuilder()
                        .put("number", decision.number())
                        .put("request_id", asked.requestId());
        header.ifPresent(it -> json.put("x_request_id", it));
        json.put("model", asked.target().model());
        asked.target().adapter().ifPresent(it -> json.put("adapter", it));
        json.put("attempt", asked.attempt())
                .put("decided_at", asked.timing().at().toString())
                .put("decided_in_ms", millis(asked.timing().took()))
                .put("queued_ms", millis(asked.timing().queued()))
                .put("prompt", prompt(asked));
        switch (decision.verdict()) {
            case Chosen chosen -> chosen(json, decision, chosen);
            case Refused(var reason, int workers, var detail) ->
                    json.put(
                            "refused",
                            new JsonObjectBuilder()
                                    .put("reason", reason.label())
                                    .put("workers", workers)
                                    .put("detail", detail)
                                    .build());
        }
        json.put("why", Explanation.why(decision));
        decision.outcome().ifPresent(it -> json.put("outcome", outcome(it)));
        return json.put("what_came_of_it", Explanation.outcome(decision)).build();
    }

    private static JsonObject prompt(Asked asked) {
        return new JsonObjectBuilder()
                .put("tokens", asked.prompt().tokens())
                .put("blocks", asked.prompt().blocks())
                .put("block_size_tokens", asked.prompt().blockSizeTokens())
                .build();
    }

    private static void chosen(JsonObjectBuilder json, DecisionRecord decision, Chosen chosen) {
        RoutingChoice choice = chosen.choice();
        json.put(
                        "policy",
                        new JsonObjectBuilder()
                                .put("mode", choice.policy().mode().flag())
                                .put("cost_model", choice.policy().costModel())
                                .put("temperature", choice.policy().temperature())
                                .build())
                .put(
                        "workers",
                        new JsonObjectBuilder()
                                .put("compared", choice.compared().count())
                                .put("busy", choice.compared().busy())
                                .put("session_elsewhere", choice.compared().unbound())
                                .put("ineligible", chosen.ineligible())
                                .put("pinned", chosen.pinned())
                                .build())
                .put("chosen", choice.worker().toString())
                .put("reason", reason(chosen));
        choice.rebalance().ifPresent(it -> json.put("rebalance", rebalance(it)));
        json.put(
                        "predicted",
                        new JsonObjectBuilder()
                                .put("ttft_ms", millis(choice.selected().estimate().seconds()))
                                .put("cached_tokens", decision.predictedCachedTokens())
                                .build())
                .putAll(
                        "candidates",
                        choice.candidates().stream()
                                .map(it -> candidate(decision, choice, it))
                                .toList());
    }

    private static JsonObject reason(Chosen chosen) {
        ChoiceReason reason = ChoiceReason.of(chosen);
        var json = new JsonObjectBuilder().put("rule", reason.code());
        reason.comparison().ifPresent(it -> json.put("against", comparison(it)));
        ChoiceReason.passedOver(chosen).ifPresent(it -> json.put("passed_over", comparison(it)));
        return json.build();
    }

    /// Which prefix gets one more holder.
    private static JsonObject rebalance(Rebalance rebalance) {
        return new JsonObjectBuilder()
                .put("from", rebalance.from().toString())
                .put("to", rebalance.to().toString())
                .put("from_wait_ms", millis(rebalance.waitSeconds()))
                .put("blocks", rebalance.prefix().count())
                .putUnsigned("sequence_hash", rebalance.sequenceHash())
                .build();
    }

    private static JsonObject comparison(PriceComparison comparison) {
        return new JsonObjectBuilder()
                .put("worker", comparison.other().worker().toString())
                .put("costs_more", rounded(comparison.difference()))
                .put("unit", comparison.selected().cost().unitName())
                .put("deciding_term", comparison.deciding().name())
                .build();
    }

    private static JsonObject candidate(
            DecisionRecord decision, RoutingChoice choice, Priced candidate) {
        return new JsonObjectBuilder()
                .put("worker", candidate.worker().toString())
                .put("chosen", candidate.worker().equals(choice.worker()))
                .put(
                        "cached",
                        new JsonObjectBuilder()
                                .put("device_blocks", candidate.cache().deviceBlocks())
                                .put("host_blocks", candidate.cache().hostBlocks())
                                .put("disk_blocks", candidate.cache().diskBlocks())
                                .put(
                                        "device_tokens",
                                        decision.asked()
                                                .prompt()
                                                .tokensOf(candidate.overlapBlocks()))
                                .build())
                .put(
                        "load",
                        new JsonObjectBuilder()
                                .put("active_requests", candidate.load().activeRequests())
                                .put("prefill_tokens", candidate.load().prefillTokens())
                                .put("active_blocks", candidate.load().activeBlocks())
                                .build())
                .put(
                        "estimate",
                        new JsonObjectBuilder()
                                .put("wait_ms", millis(candidate.estimate().waitSeconds()))
                                .put("prefill_ms", millis(candidate.estimate().prefillSeconds()))
                                .build())
                .put("cost", cost(candidate))
                .build();
    }

    private static JsonObject cost(Priced candidate) {
        var terms = new JsonObjectBuilder();
        for (Term term : candidate.cost().terms()) {
            terms.put(term.name(), rounded(term.value()));
        }
        return new JsonObjectBuilder()
                .put("unit", candidate.cost().unitName())
                .put("total", rounded(candidate.cost().total()))
                .put("terms", terms.build())
                .build();
    }

    private static JsonObject outcome(Outcome outcome) {
        var json =
                new JsonObjectBuilder()
                        .put("end", outcome.end().kind().label())
                        .put("failure", outcome.end().failure());
        outcome.timeToFirstToken()
                .ifPresentOrElse(
                        it -> json.put("ttft_ms", millis(it)), () -> json.putNull("ttft_ms"));
        return json.put("cached_tokens", outcome.cachedTokens())
                .put("output_tokens", outcome.outputTokens())
                .put("total_ms", millis(outcome.total()))
                .build();
    }

    private static double millis(Duration duration) {
        return millis(duration.toNanos() / 1e9);
    }

    private static double millis(double seconds) {
        return Math.round(seconds * 1e6) / 1e3;
    }

    /// To six digits behind the point, which is a microsecond where it is time.
    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
