package dev.stator.launch.engines;

import dev.stator.engine.Engine;
import dev.stator.engine.batching.StepReport;

import java.util.function.Supplier;

/// An engine and what it is busy with.
public record OpenedEngine(Engine engine, Supplier<StepReport> report) {}
