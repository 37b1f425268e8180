package dev.stator.routing.explain;

import dev.stator.routing.RoutingChoice;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.explain.DecisionRecord.Verdict.Chosen;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Why a worker was selected, as far as the choice tells: which rule decided, and against whom.
public sealed interface ChoiceReason {

    /// The request named it.
    record Pinned() implements ChoiceReason {}

    /// Its session went there before.
    record SessionStays() implements ChoiceReason {}

    /// No other worker could serve it.
    record OnlyOne() implements ChoiceReason {}

    /// It cost least.
    ///
    /// @param runnerUp the next cheapest
    record Cheapest(PriceComparison runnerUp) implements ChoiceReason {}

    /// It cost as little as another one.
    ///
    /// @param byLoad whether it had fewer active requests, rather than luck
    record Equal(Priced other, boolean byLoad) implements ChoiceReason {}

    /// It was drawn at random, cheaper ones with a greater chance.
    ///
    /// @param cheapest compared with it; empty when it was the cheapest itself
    record Drawn(double temperature, Optional<PriceComparison> cheapest) implements ChoiceReason {}

    /// It was its turn.
    record InTurn() implements ChoiceReason {}

    /// It was drawn, each with the same chance.
    record AtRandom() implements ChoiceReason {}

    /// It had no more active requests than the other one of two that were drawn.
    record LessLoadedOfTwo() implements ChoiceReason {}

    /// It had the fewest active requests.
    record LeastLoaded() implements ChoiceReason {}

    /// It had the fewest active requests of its kind of device, which had less to do.
    record LeastLoadedOfDevice() implements ChoiceReason {}

    /// The rule that decided, in one word.
    default String code() {
        return switch (this) {
            case Pinned() -> "pinned";
            case SessionStays() -> "session_stays";
            case OnlyOne() -> "only_one";
            case Cheapest _ -> "cheapest";
            case Equal(_, boolean byLoad) -> byLoad ? "equal_price_less_load" : "equal_price_drawn";
            case Drawn _ -> "drawn_by_price";
            case InTurn() -> "in_turn";
            case AtRandom() -> "at_random";
            case LessLoadedOfTwo() -> "less_loaded_of_two";
            case LeastLoaded() -> "least_loaded";
            case LeastLoadedOfDevice() -> "least_loaded_of_device";
        };
    }

    /// Against whom it was decided, where prices decided.
    default Optional<PriceComparison> comparison() {
        return switch (this) {
            case Cheapest(var runnerUp) -> Optional.of(runnerUp);
            case Drawn(_, var cheapest) -> cheapest;
            case Pinned _,
                    SessionStays _,
                    OnlyOne _,
                    Equal _,
                    InTurn _,
                    AtRandom _,
                    LessLoadedOfTwo _,
                    LeastLoaded _,
                    LeastLoadedOfDevice _ ->
                    Optional.empty();
        };
    }

    static ChoiceReason of(Chosen chosen) {
        RoutingChoice choice = chosen.choice();
        if (choice.compared().count() == 1) {
            return alone(chosen);
        }
        return switch (choice.policy().mode()) {
            case KV -> byPrice(choice);
            case ROUND_ROBIN -> new InTurn();
            case RANDOM -> new AtRandom();
            case POWER_OF_TWO -> new LessLoadedOfTwo();
            case LEAST_LOADED, DIRECT -> new LeastLoaded();
            case DEVICE_AWARE_WEIGHTED -> new LeastLoadedOfDevice();
        };
    }

    private static ChoiceReason alone(Chosen chosen) {
        if (chosen.pinned()) {
            return new Pinned();
        }
        return chosen.choice().compared().unbound() > 0 ? new SessionStays() : new OnlyOne();
    }

    /// The worker that held more of the prompt than any, and than the selected one, with what it
    /// would have cost; only where prices decided.
    static Optional<PriceComparison> passedOver(Chosen chosen) {
        RoutingChoice choice = chosen.choice();
        Priced selected = choice.selected();
        Optional<Priced> best =
                choice.candidates().stream()
                        .max(Comparator.comparingInt(Priced::overlapBlocks))
                        .filter(it -> it.overlapBlocks() > selected.overlapBlocks());
        boolean priced = of(chosen).comparison().isPresent();
        return best.filter(_ -> priced).map(it -> PriceComparison.of(selected, it));
    }

    private static ChoiceReason byPrice(RoutingChoice choice) {
        Priced selected = choice.selected();
        List<Priced> others =
                choice.candidates().stream().filter(it -> !it.equals(selected)).toList();
        Priced next = others.getFirst();
        double temperature = choice.policy().temperature();
        double difference = next.cost().total() - selected.cost().total();
        if (temperature > 0) {
            return new Drawn(
                    temperature,
                    difference < 0
                            ? Optional.of(PriceComparison.of(selected, next))
                            : Optional.empty());
        }
        return difference > 0
                ? new Cheapest(PriceComparison.of(selected, next))
                : new Equal(next, selected.load().activeRequests() < fewest(selected, others));
    }

    /// The fewest active requests of those that cost the same.
    private static int fewest(Priced selected, List<Priced> others) {
        return others.stream()
                .filter(it -> it.cost().total() == selected.cost().total())
                .mapToInt(it -> it.load().activeRequests())
                .min()
                .orElse(0);
    }
}
