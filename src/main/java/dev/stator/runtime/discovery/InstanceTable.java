package dev.stator.runtime.discovery;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.discovery.InstanceRecord.Described;
import dev.stator.runtime.discovery.InstanceRecord.Reachable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a shared store holds, joined: an instance is there when the record is that says how it is
/// reached, with its cards when they are there too. Used by one thread at a time.
///
/// A record that cannot be read counts as absent, and is logged once.
public final class InstanceTable {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceTable.class);

    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<Instance.Key, Reachable> reachable = new HashMap<>();
    private final Map<Instance.Key, Map<String, Described>> described = new HashMap<>();

    private record Entry(String value, Optional<InstanceRecord> record) {}

    /// The instance as the records have it now.
    public Optional<Instance> get(Instance.Key key) {
        return Optional.ofNullable(reachable.get(key)).map(it -> withCards(it.described()));
    }

    private Instance withCards(Instance instance) {
        Instance whole = instance;
        Map<String, JsonObject> variants = new HashMap<>();
        for (Described each : described.getOrDefault(instance.key(), Map.of()).values()) {
            if (each.variant().isEmpty()) {
                whole = whole.withCard(each.card());
            } else {
                variants.put(each.variant(), each.card());
            }
        }
        return variants.isEmpty() ? whole : whole.withVariants(variants);
    }

    /// Notes a value; returns the instances that may be different now.
    public Set<Instance.Key> put(String key, String value) {
        Entry before = entries.get(key);
        if (before != null && before.value().equals(value)) {
            return Set.of();
        }
        Set<Instance.Key> touched = new HashSet<>(remove(key));
        var entry = new Entry(value, read(key, value));
        entries.put(key, entry);
        entry.record()
                .ifPresent(
                        record -> {
                            insert(record);
                            touched.add(record.instance());
                        });
        return touched;
    }

    /// Forgets a key; returns the instances that may be different now.
    public Set<Instance.Key> remove(String key) {
        Entry entry = entries.remove(key);
        if (entry == null || entry.record().isEmpty()) {
            return Set.of();
        }
        InstanceRecord record = entry.record().get();
        switch (record) {
            case Reachable it -> reachable.remove(it.instance(), it);
            case Described it ->
                    described.computeIfPresent(
                            it.instance(),
                            (_, cards) -> {
                                cards.remove(it.variant(), it);
                                return cards.isEmpty() ? null : cards;
                            });
        }
        return Set.of(record.instance());
    }

    /// Notes all that the store holds; returns the instances that may be different now.
    public Set<Instance.Key> replaceAll(Map<String, String> values) {
        Set<Instance.Key> touched = new HashSet<>();
        for (String key : Set.copyOf(entries.keySet())) {
            if (!values.containsKey(key)) {
                touched.addAll(remove(key));
            }
        }
        values.forEach((key, value) -> touched.addAll(put(key, value)));
        return touched;
    }

    private void insert(InstanceRecord record) {
        switch (record) {
            case Reachable it -> reachable.put(it.instance(), it);
            case Described it ->
                    described
                            .computeIfAbsent(it.instance(), _ -> new HashMap<>())
                            .put(it.variant(), it);
        }
    }

    private static Optional<InstanceRecord> read(String key, String value) {
        if (!RecordFormat.isKey(key)) {
            return Optional.empty();
        }
        try {
            return RecordFormat.read(key, JsonField.root(Json.parse(value, JsonLimits.REQUEST)));
        } catch (JsonException | JsonFieldException | IllegalArgumentException e) {
            LOG.warn("ignoring {}: {}", key, e.getMessage());
            return Optional.empty();
        }
    }
}
