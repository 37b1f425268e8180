package dev.stator.routing.live;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.routing.eligibility.Obstacle;

import java.util.Optional;

/// Tells callers what the router refused.
final class Obstacles {
    private Obstacles() {}

    static EngineFailure failure(Obstacle obstacle) {
        return switch (obstacle) {
            case Obstacle.PinMissing _ ->
                    EngineFailure.of(FailureKind.INVALID_REQUEST, obstacle.message());
            case Obstacle.PinBusy(_, var retryAfter) ->
                    new EngineFailure(
                            FailureKind.OVERLOADED, obstacle.message(), Optional.of(retryAfter));
            case Obstacle.PinGone _,
                    Obstacle.NoneAllowed _,
                    Obstacle.NoneWithAdapter _,
                    Obstacle.NoneOfKind _ ->
                    EngineFailure.of(FailureKind.UNAVAILABLE, obstacle.message());
        };
    }
}
