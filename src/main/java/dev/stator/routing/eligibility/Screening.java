package dev.stator.routing.eligibility;

import dev.stator.routing.hints.RoutingHints;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The workers that may serve a request, in the order they were given, or why there is none.
///
/// @param obstacle empty when somebody is admitted
public record Screening<P extends Placeable>(List<P> admitted, Optional<Obstacle> obstacle) {

    /// What stands between a request and a worker, in the order in which it is looked at.
    private enum Hurdle {
        PIN,
        ALLOWED,
        ADAPTER,
        KIND,
        NONE
    }

    /// @param workers at least one
    /// @param needsPin whether the request must say where it goes
    public static <P extends Placeable> Screening<P> of(
            List<P> workers, RoutingHints hints, boolean needsPin) {
        if (needsPin && !hints.namesProcess()) {
            return refused(new Obstacle.PinMissing());
        }
        if (hints.isOpen()) {
            return new Screening<>(workers, Optional.empty());
        }
        List<P> admitted = new ArrayList<>();
        Hurdle furthest = Hurdle.PIN;
        for (P worker : workers) {
            Hurdle hurdle = hurdle(worker, hints);
            if (hurdle == Hurdle.NONE) {
                admitted.add(worker);
            } else if (hurdle.compareTo(furthest) > 0) {
                furthest = hurdle;
            }
        }
        return admitted.isEmpty()
                ? refused(obstacle(furthest, hints))
                : new Screening<>(admitted, Optional.empty());
    }

    /// Whether one worker may serve a request, as far as the request says where it goes.
    public static boolean admits(Placeable worker, RoutingHints hints) {
        return hurdle(worker, hints) == Hurdle.NONE;
    }

    private static Hurdle hurdle(Placeable worker, RoutingHints hints) {
        if (hints.pin().isPresent() && !hints.pin().get().admits(worker.worker())) {
            return Hurdle.PIN;
        }
        if (hints.allowed().isPresent()
                && !hints.allowed().get().contains(worker.worker().value())) {
            return Hurdle.ALLOWED;
        }
        if (hints.adapter().isPresent() && !worker.adapters().contains(hints.adapter().get())) {
            return Hurdle.ADAPTER;
        }
        return worker.taints().containsAll(hints.taints().required()) ? Hurdle.NONE : Hurdle.KIND;
    }

    private static Obstacle obstacle(Hurdle furthest, RoutingHints hints) {
        return switch (furthest) {
            case PIN -> new Obstacle.PinGone(hints.pin().orElseThrow());
            case ALLOWED -> new Obstacle.NoneAllowed(hints.allowed().orElseThrow());
            case ADAPTER -> new Obstacle.NoneWithAdapter(hints.adapter().orElseThrow());
            case KIND, NONE -> new Obstacle.NoneOfKind(hints.taints().required());
        };
    }

    private static <P extends Placeable> Screening<P> refused(Obstacle obstacle) {
        return new Screening<>(List.of(), Optional.of(obstacle));
    }
}
