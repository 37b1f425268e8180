package dev.stator.routing.live;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.RouterOverrides;
import dev.stator.engine.hints.WorkerPins;
import dev.stator.routing.hints.ConfigOverrides;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.hints.TaintRules;
import dev.stator.routing.hints.WorkerPin;

import java.util.Optional;

/// Tells the router what requests say about themselves.
final class HintTranslator {
    private HintTranslator() {}

    /// What the request says, and what it needs.
    static RoutingHints routing(GenerationRequest request) {
        return routing(request.hints()).forAdapter(request.namespace().loraName());
    }

    static RoutingHints routing(RequestHints hints) {
        if (hints.equals(RequestHints.NONE)) {
            return RoutingHints.NONE;
        }
        return new RoutingHints(
                hints.expectedOutputTokens(),
                hints.session(),
                pin(hints.pins()),
                hints.pins().allowed(),
                new TaintRules(hints.taints().required(), hints.taints().preferred()),
                overrides(hints.router()));
    }

    private static Optional<WorkerPin> pin(WorkerPins pins) {
        return pins.worker().isPresent() || pins.decodeRank().isPresent()
                ? Optional.of(new WorkerPin(pins.worker(), pins.decodeRank()))
                : Optional.empty();
    }

    private static ConfigOverrides overrides(RouterOverrides router) {
        return new ConfigOverrides(
                router.overlapScoreCredit(),
                router.prefillLoadScale(),
                router.temperature(),
                router.sharedCacheMultiplier(),
                router.assumeKvReuse(),
                router.trackPrefillTokens());
    }
}
