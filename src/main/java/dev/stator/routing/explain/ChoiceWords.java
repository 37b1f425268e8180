package dev.stator.routing.explain;

import static dev.stator.routing.explain.Words.capitalized;
import static dev.stator.routing.explain.Words.count;
import static dev.stator.routing.explain.Words.text;
import static dev.stator.routing.explain.Words.time;
import static dev.stator.routing.explain.Words.worker;

import dev.stator.routing.RoutingChoice;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.cost.RoutingCost.Unit;
import dev.stator.routing.explain.ChoiceReason.AtRandom;
import dev.stator.routing.explain.ChoiceReason.Cheapest;
import dev.stator.routing.explain.ChoiceReason.Drawn;
import dev.stator.routing.explain.ChoiceReason.Equal;
import dev.stator.routing.explain.ChoiceReason.InTurn;
import dev.stator.routing.explain.ChoiceReason.LeastLoaded;
import dev.stator.routing.explain.ChoiceReason.LeastLoadedOfDevice;
import dev.stator.routing.explain.ChoiceReason.LessLoadedOfTwo;
import dev.stator.routing.explain.ChoiceReason.OnlyOne;
import dev.stator.routing.explain.ChoiceReason.Pinned;
import dev.stator.routing.explain.ChoiceReason.SessionStays;
import dev.stator.routing.explain.DecisionRecord.Verdict.Chosen;
import dev.stator.routing.rebalance.Rebalance;

import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/// Why a worker was chosen, in words for people who have never seen the code.
final class ChoiceWords {
    private final Chosen chosen;
    private final RoutingChoice choice;
    private final Priced selected;

    ChoiceWords(Chosen chosen) {
        this.chosen = chosen;
        this.choice = chosen.choice();
        this.selected = choice.selected();
    }

    String sentences() {
        ChoiceReason reason = ChoiceReason.of(chosen);
        var words = new StringBuilder(capitalized(reason(reason))).append('.');
        Optional<PriceComparison> passedOver =
                ChoiceReason.passedOver(chosen)
                        .filter(it -> reason.comparison().stream().noneMatch(is(it)));
        passedOver.ifPresent(it -> words.append(' ').append(passedOver(it)));
        if (choice.compared().count() > 1) {
            words.append(leftOut(choice.compared().busy(), "busy worker", "considered"));
            words.append(leftOut(chosen.ineligible(), "worker", "eligible for this request"));
        }
        choice.rebalance().ifPresent(it -> words.append(replication(it)));
        return words.toString();
    }

    private static String replication(Rebalance rebalance) {
        return text(
                " Many requests begin like this one, more than worker %s can take: worker %s gets"
                        + " the first %s too, on purpose.",
                rebalance.from(), rebalance.to(), count(rebalance.prefix().count(), "block"));
    }

    private static Predicate<PriceComparison> is(PriceComparison passedOver) {
        return it -> it.other().equals(passedOver.other());
    }

    private static String leftOut(int count, String what, String participle) {
        return count == 0
                ? ""
                : " %s %s not %s."
                        .formatted(count(count, what), count == 1 ? "was" : "were", participle);
    }

    private String reason(ChoiceReason reason) {
        return switch (reason) {
            case Pinned() -> chosen() + " because the request named it" + andHad();
            case SessionStays() ->
                    chosen() + " because the session of the request went there before" + andHad();
            case OnlyOne() -> onlyOne();
            case Cheapest(var over) -> chosen() + " because " + advantage(over) + although(over);
            case Equal(var other, boolean byLoad) -> equal(other, byLoad);
            case Drawn(double temperature, var cheapest) -> drawn(temperature, cheapest);
            case InTurn() ->
                    "workers take turns here, and it was the turn of "
                            + worker(selected)
                            + withoutCaches();
            case AtRandom() ->
                    "workers are picked at random here, and "
                            + worker(selected)
                            + " was picked"
                            + withoutCaches();
            case LessLoadedOfTwo() ->
                    text(
                                    "of two workers picked at random, %s was running no more"
                                            + " requests (%,d) than the other",
                                    worker(selected), selected.load().activeRequests())
                            + withoutCaches();
            case LeastLoadedOfDevice() ->
                    chosen()
                            + text(
                                    " because its kind of device has less to do for its throughput"
                                            + " and none of that kind was running fewer requests"
                                            + " (%,d)",
                                    selected.load().activeRequests())
                            + withoutCaches();
            case LeastLoaded() ->
                    chosen()
                            + text(
                                    " because none was running fewer requests (%,d)",
                                    selected.load().activeRequests())
                            + withoutCaches();
        };
    }

    private String chosen() {
        return worker(selected) + " was chosen";
    }

    private String onlyOne() {
        int busy = choice.compared().busy();
        String others =
                switch (busy) {
                    case 0 -> "no other worker could serve it";
                    case 1 -> "the only other worker was busy";
                    default -> "the other %,d workers were busy".formatted(busy);
                };
        if (chosen.ineligible() > 0) {
            others = busy == 0 ? "no other is eligible" : "all other eligible workers were busy";
        }
        return chosen() + " because " + others + andHad();
    }

    private String andHad() {
        return choice.policy().mode() == RoutingMode.KV ? "; it " + had(selected) : "";
    }

    private String equal(Priced other, boolean byLoad) {
        String both =
                selected.overlapBlocks() == other.overlapBlocks()
                        ? selected.overlapBlocks() == 0
                                ? "neither %s nor %s had any of the prompt in its cache, and they"
                                        .formatted(worker(selected), worker(other))
                                : "%s and %s both had %s, and they"
                                        .formatted(
                                                worker(selected),
                                                worker(other),
                                                blocks(selected.overlapBlocks()))
                        : "%s and %s".formatted(worker(selected), worker(other));
        return both
                + " would have cost the same: "
                + (byLoad
                        ? "%s was chosen because it was running fewer requests (%,d against %,d)"
                                .formatted(
                                        worker(selected),
                                        selected.load().activeRequests(),
                                        other.load().activeRequests())
                        : chosen() + " by lot");
    }

    private String drawn(double temperature, Optional<PriceComparison> cheapest) {
        String rule =
                text(
                        "workers are drawn by lot here, cheaper ones with a better chance"
                                + " (temperature %s), and %s was drawn",
                        temperature, worker(selected));
        return cheapest.map(
                        it ->
                                rule
                                        + "; "
                                        + worker(it.other())
                                        + " would have cost less because "
                                        + shortcoming(it, it.other(), selected))
                .orElse(rule + ", which was the cheapest too; it " + had(selected));
    }

    /// What makes the selected one cheaper than another one.
    private String advantage(PriceComparison over) {
        Priced other = over.other();
        return switch (over.deciding().name()) {
            case "prefill", "crowding", "stall", "credit" ->
                    selected.overlapBlocks() > other.overlapBlocks()
                            ? savings(other)
                            : shortcoming(over, selected, other);
            case "wait", "raw" ->
                    text(
                            "it could begin sooner: %s first had %s of other requests to compute,"
                                    + " an estimated %s",
                            worker(other),
                            count(other.load().prefillTokens(), "prompt token"),
                            time(other.estimate().waitSeconds()));
            default -> shortcoming(over, selected, other);
        };
    }

    private String savings(Priced other) {
        double saved = other.estimate().prefillSeconds() - selected.estimate().prefillSeconds();
        String others =
                other.overlapBlocks() == 0
                        ? "would have had to compute all of it"
                        : "had only " + blocks(other.overlapBlocks());
        return text(
                "it had %s in its cache, which saves an estimated %s; %s %s%s",
                blocks(selected.overlapBlocks()),
                time(saved),
                worker(other),
                isIdle(other) ? "was idle but " : "",
                others);
    }

    /// What `better` has that `worse` has not, by the part of the price that decided.
    private String shortcoming(PriceComparison between, Priced better, Priced worse) {
        boolean inSeconds = selected.cost().unit() == Unit.SECONDS;
        return switch (between.deciding().name()) {
            case "wait", "raw" ->
                    text(
                            "%s first had %s of other requests to compute, an estimated %s",
                            worker(worse),
                            count(worse.load().prefillTokens(), "prompt token"),
                            time(worse.estimate().waitSeconds()));
            case "taints" -> "the request prefers workers of its kind";
            case "copy" -> "many ask for the same prefix, and a copy there will serve them too";
            case "crowding" ->
                    busy(better) < busy(worse)
                            ? text(
                                    "it was computing %.0f %% of the time, %s %.0f %%: fewer will"
                                            + " come and wait there",
                                    busy(better), worker(worse), busy(worse))
                            : computing(better, worse);
            case "wear" ->
                    text(
                            "what it must forget to make room is older, and less likely to be"
                                    + " missed, than at %s",
                            worker(worse));
            case "room" ->
                    text(
                            "%s has no room for it in its memory before other requests end",
                            worker(worse));
            case "decode", "stall", "slowdown", "requests" ->
                    inSeconds || between.deciding().name().equals("requests")
                            ? text(
                                    "it was running fewer requests (%,d against %,d at %s)",
                                    better.load().activeRequests(),
                                    worse.load().activeRequests(),
                                    worker(worse))
                            : text(
                                    "the requests it was running need fewer blocks"
                                            + " (%,d against %,d at %s, this one included)",
                                    better.load().decodeBlocks(),
                                    worse.load().decodeBlocks(),
                                    worker(worse));
            default -> computing(better, worse);
        };
    }

    private String computing(Priced better, Priced worse) {
        return better.overlapBlocks() > worse.overlapBlocks()
                ? "it " + had(better) + " and " + worker(worse) + " " + less(worse)
                : text(
                        "it computes prompts faster: this one in an estimated %s, %s in %s",
                        time(better.estimate().prefillSeconds()),
                        worker(worse),
                        time(worse.estimate().prefillSeconds()));
    }

    /// In percent of the last minute.
    private static double busy(Priced worker) {
        return 100 * worker.load().pace().busy();
    }

    /// That the runner-up had more in its cache, or that nobody had anything.
    private String although(PriceComparison over) {
        int others = over.other().overlapBlocks();
        if (others > selected.overlapBlocks()) {
            return text(
                    ". %s had more in its cache, %s, but not enough to make up for that",
                    capitalized(worker(over.other())), blocks(others));
        }
        if (bestHolder().overlapBlocks() == 0) {
            return ". None had any of the prompt in its cache";
        }
        return others == selected.overlapBlocks()
                ? ". Both had " + blocks(others) + " in their caches"
                : "";
    }

    private String passedOver(PriceComparison holder) {
        return text(
                "%s had even more in its cache, %s, but %s.",
                capitalized(worker(holder.other())),
                blocks(holder.other().overlapBlocks()),
                drawback(holder));
    }

    /// What speaks against the one that was passed over.
    private String drawback(PriceComparison holder) {
        if (holder.difference() < 0) {
            return "the lot fell on another";
        }
        return switch (holder.deciding().name()) {
            case "decode", "stall", "slowdown", "requests" ->
                    "it was running " + count(holder.other().load().activeRequests(), "request");
            case "taints" -> "the request prefers workers of another kind";
            case "wear" -> "it has been forgetting faster than the others";
            case "room" -> "it had no room left in its memory";
            case "copy" -> "many ask for the same prefix, and another copy will serve them too";
            case "crowding" -> "it was computing more of the time, so that more would have to wait";
            case "prefill", "credit" -> "it computes slowly";
            default ->
                    text(
                            "it first had %s of other requests to compute, an estimated %s",
                            count(holder.other().load().prefillTokens(), "prompt token"),
                            time(holder.other().estimate().waitSeconds()));
        };
    }

    private static String withoutCaches() {
        return ". Caches are not looked at in this mode";
    }

    private Priced bestHolder() {
        return choice.candidates().stream()
                .max(Comparator.comparingInt(Priced::overlapBlocks))
                .orElseThrow();
    }

    private String had(Priced worker) {
        return worker.overlapBlocks() == 0
                ? "had none of the prompt in its cache"
                : "had " + blocks(worker.overlapBlocks()) + " in its cache";
    }

    private String less(Priced worker) {
        return worker.overlapBlocks() == 0
                ? "had none of it"
                : "had only " + blocks(worker.overlapBlocks());
    }

    private String blocks(int held) {
        return text("%,d of the prompt's %s", held, count(choice.promptBlocks(), "block"));
    }

    private static boolean isIdle(Priced worker) {
        return worker.load().activeRequests() == 0 && worker.load().prefillTokens() == 0;
    }
}
