package dev.stator.runtime.discovery;

/// What happened to the set of instances.
public sealed interface InstanceChange {

    /// The instance that came, went or changed, as it was last.
    Instance instance();

    /// It was announced, or was there when the watch began.
    record Added(Instance instance) implements InstanceChange {}

    /// Its transport or metadata are different now.
    record Changed(Instance instance) implements InstanceChange {}

    /// It was withdrawn, or its owner is gone.
    record Removed(Instance instance) implements InstanceChange {}
}
