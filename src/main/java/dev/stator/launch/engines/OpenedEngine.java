package dev.stator.launch.engines;

import dev.stator.engine.Engine;
import dev.stator.engine.batching.StepReport;
import dev.stator.engine.remote.HealthListener;

import java.util.function.Consumer;
import java.util.function.Supplier;

/// An engine and what can be known of it.
///
/// @param report what it is busy with
/// @param health tells a listener from now on whether the engine is of use; engines of this process
///     always are
public record OpenedEngine(
        Engine engine, Supplier<StepReport> report, Consumer<HealthListener> health) {

    static OpenedEngine local(Engine engine, Supplier<StepReport> report) {
        return new OpenedEngine(engine, report, _ -> {});
    }
}
