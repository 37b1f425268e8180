package dev.stator.replay.offline.policy;

import dev.stator.routing.CostModel;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.cost.BlockPrices;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A policy by its name: a configuration of the production router, or something to compare it with.
public sealed interface PolicyChoice {

    /// Modes that need what traces have not: names of workers, kinds of devices.
    Set<RoutingMode> NEEDS_MORE = EnumSet.of(RoutingMode.DIRECT, RoutingMode.DEVICE_AWARE_WEIGHTED);

    String name();

    /// The production router.
    ///
    /// @param predictedTtl how long own decisions count besides events; absent for not at all
    record Production(String name, RouterConfig config, Optional<Duration> predictedTtl)
            implements PolicyChoice {
        public Production {
            if (predictedTtl.filter(it -> !it.isPositive()).isPresent()) {
                throw new IllegalArgumentException(
                        "router-predicted-ttl-secs must be positive: " + predictedTtl.get());
            }
        }
    }

    /// A scheduler of llm-d.
    record Llmd(String name, LlmdScheduler scheduler) implements PolicyChoice {}

    /// A rule that knows the true caches.
    record Reference(String name, ReferencePolicy rule) implements PolicyChoice {}

    /// Everything there is, by name. One more line makes one more policy.
    static Map<String, PolicyChoice> all() {
        Map<String, PolicyChoice> choices = new LinkedHashMap<>();
        for (RoutingMode mode : RoutingMode.values()) {
            if (!NEEDS_MORE.contains(mode)) {
                add(choices, mode.flag(), RouterConfig.DEFAULT.withMode(mode));
            }
        }
        var kv = RouterConfig.DEFAULT;
        add(choices, "time", kv);
        add(choices, "blocks", kv.withCostModel(new CostModel.Blocks(BlockPrices.DEFAULT)));
        add(choices, "lmetric", kv.withCostModel(new CostModel.Lmetric(BlockPrices.DEFAULT)));
        for (LlmdScheduler scheduler : LlmdScheduler.values()) {
            choices.put(scheduler.flag(), new Llmd(scheduler.flag(), scheduler));
        }
        for (ReferencePolicy rule : ReferencePolicy.values()) {
            choices.put(rule.flag(), new Reference(rule.flag(), rule));
        }
        return Collections.unmodifiableMap(choices);
    }

    private static void add(Map<String, PolicyChoice> choices, String name, RouterConfig config) {
        choices.put(name, new Production(name, config, Optional.empty()));
    }

    /// The production router with its own decisions counted for so long; others as they are.
    default PolicyChoice predicting(Duration ttl) {
        return this instanceof Production(var name, var config, _)
                ? new Production(name, config, Optional.of(ttl))
                : this;
    }

    /// The policies of a list such as `kv,round-robin`, in its order; `all` for every one.
    ///
    /// Throws `IllegalArgumentException` that lists the names there are and guesses the one meant.
    static List<PolicyChoice> parse(String names) {
        Map<String, PolicyChoice> choices = all();
        if (names.equals("all")) {
            return List.copyOf(choices.values());
        }
        return Arrays.stream(names.split(","))
                .map(name -> find(name.strip().toLowerCase(Locale.ROOT), choices))
                .toList();
    }

    private static PolicyChoice find(String name, Map<String, PolicyChoice> choices) {
        PolicyChoice choice = choices.get(name);
        if (choice == null) {
            throw new IllegalArgumentException(
                    "policy must be some of %s: \"%s\"; the nearest is %s"
                            .formatted(
                                    String.join(", ", choices.keySet()),
                                    name,
                                    Nearest.to(name, choices.keySet())));
        }
        return choice;
    }
}
