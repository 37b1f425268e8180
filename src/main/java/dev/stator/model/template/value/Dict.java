package dev.stator.model.template.value;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// A dictionary in the order of insertion; immutable.
public final class Dict implements Value {
    public static final Dict EMPTY = of(new LinkedHashMap<>());

    private final Map<Value, Value> entries;
    private final long size;
    private final int depth;

    private Dict(Map<Value, Value> entries, long size, int depth) {
        this.entries = entries;
        this.size = size;
        this.depth = depth;
    }

    /// A dictionary of `entries`, which must not change afterwards.
    public static Dict of(SequencedMap<Value, Value> entries) {
        long size = 2;
        int depth = 0;
        for (var entry : entries.entrySet()) {
            size += entry.getKey().size() + entry.getValue().size() + 4;
            depth = Math.max(depth, Math.max(entry.getKey().depth(), entry.getValue().depth()));
        }
        return new Dict(entries, Sequence.saturated(size), Sequence.nested(depth));
    }

    /// `key` itself, its hashing charged; a fault when it cannot be a key.
    public static Value key(Value key, Budget budget) {
        budget.read(key.size());
        if (!key.isHashable()) {
            throw TemplateFault.evaluation("unhashable type: '" + key.typeName() + "'");
        }
        return key;
    }

    public Map<Value, Value> entries() {
        return entries;
    }

    /// The value of `key`, absent when there is none.
    public @Nullable Value find(Value key) {
        return entries.get(key);
    }

    @Override
    public boolean isTruthy() {
        return !entries.isEmpty();
    }

    @Override
    public String typeName() {
        return "dict";
    }

    @Override
    public void appendRepr(StringBuilder out) {
        out.append('{');
        for (Iterator<Map.Entry<Value, Value>> i = entries.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Value, Value> entry = i.next();
            entry.getKey().appendRepr(out);
            out.append(": ");
            entry.getValue().appendRepr(out);
            if (i.hasNext()) {
                out.append(", ");
            }
        }
        out.append('}');
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public boolean isHashable() {
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dict dict && entries.equals(dict.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }
}
