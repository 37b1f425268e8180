package dev.stator.launch.engines;

import dev.stator.engine.Engine;
import dev.stator.engine.batching.StepReport;
import dev.stator.engine.remote.HealthListener;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// An engine and what can be known of it.
///
/// @param ranks what each of its ranks is busy with; the whole engine alone when no more is known
/// @param health tells a listener from now on whether the engine is of use; engines of this process
///     always are
public record OpenedEngine(
        Engine engine, List<Supplier<StepReport>> ranks, Consumer<HealthListener> health) {
    public OpenedEngine {
        ranks = List.copyOf(ranks);
    }

    static OpenedEngine local(Engine engine, Supplier<StepReport> report) {
        return new OpenedEngine(engine, List.of(report), _ -> {});
    }

    /// What all ranks do together.
    public StepReport report() {
        return ranks.stream()
                .map(Supplier::get)
                .reduce(StepReport::and)
                .orElseGet(() -> StepReport.running(0));
    }
}
