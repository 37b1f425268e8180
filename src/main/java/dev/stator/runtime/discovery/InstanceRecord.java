package dev.stator.runtime.discovery;

import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// One entry about an instance in a store that processes share. How it is written is for
/// `RecordFormat` to say.
public sealed interface InstanceRecord {

    /// Which instance is meant.
    Instance.Key instance();

    /// How an instance is reached.
    ///
    /// @param described without its cards
    record Reachable(Instance described) implements InstanceRecord {

        @Override
        public Instance.Key instance() {
            return described.key();
        }
    }

    /// What an instance serves.
    ///
    /// @param variant the name that ends its key; empty for the card of the instance itself
    record Described(Instance.Key instance, String variant, JsonObject card)
            implements InstanceRecord {
        public Described {
            if (!variant.matches("[A-Za-z0-9_.-]{0,128}")) {
                throw new IllegalArgumentException(
                        "model_suffix must be at most 128 of A-Z a-z 0-9 _ . -: \"%s\""
                                .formatted(variant));
            }
        }

        /// The card of the instance itself.
        public Described(Instance.Key instance, JsonObject card) {
            this(instance, "", card);
        }
    }

    /// The records of an instance in the order in which they are written. They are withdrawn in
    /// the opposite order, so that whoever sees how it is reached sees what it serves.
    static List<InstanceRecord> of(Instance instance) {
        List<InstanceRecord> records = new ArrayList<>();
        instance.card().ifPresent(card -> records.add(new Described(instance.key(), card)));
        new TreeMap<>(instance.variants())
                .forEach((name, card) -> records.add(new Described(instance.key(), name, card)));
        records.add(new Reachable(instance.withoutCards()));
        return records;
    }
}
