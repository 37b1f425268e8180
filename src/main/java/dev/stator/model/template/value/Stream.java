package dev.stator.model.template.value;

import java.util.List;

/// What `map`, `select` and their kin yield: can be iterated once and has no length.
public final class Stream implements Value {
    private final List<Value> items;
    private final int depth;
    private boolean isDrained;

    /// A stream of `items`, which must not change afterwards.
    public Stream(List<Value> items) {
        this.items = items;
        this.depth = Sequence.nested(items.stream().mapToInt(Value::depth).max().orElse(0));
    }

    /// All elements the first time, none afterwards.
    public List<Value> drain() {
        List<Value> left = isDrained ? List.of() : items;
        isDrained = true;
        return left;
    }

    @Override
    public boolean isTruthy() {
        return true;
    }

    @Override
    public String typeName() {
        return "generator";
    }

    @Override
    public void appendRepr(StringBuilder out) {
        out.append("<generator object>");
    }

    @Override
    public int depth() {
        return depth;
    }
}
