package dev.stator.runtime.discovery;

import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.ArrayList;
import java.util.List;

/// One entry about an instance in a store that processes share. How it is written is for
/// `RecordFormat` to say.
public sealed interface InstanceRecord {

    /// Which instance is meant.
    Instance.Key instance();

    /// How an instance is reached.
    ///
    /// @param described without its card
    record Reachable(Instance described) implements InstanceRecord {

        @Override
        public Instance.Key instance() {
            return described.key();
        }
    }

    /// What an instance serves.
    record Described(Instance.Key instance, JsonObject card) implements InstanceRecord {}

    /// The records of an instance in the order in which they are written. They are withdrawn in
    /// the opposite order, so that whoever sees how it is reached sees what it serves.
    static List<InstanceRecord> of(Instance instance) {
        List<InstanceRecord> records = new ArrayList<>();
        instance.card().ifPresent(card -> records.add(new Described(instance.key(), card)));
        records.add(new Reachable(instance.withoutCard()));
        return records;
    }
}
