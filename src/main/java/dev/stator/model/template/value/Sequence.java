package dev.stator.model.template.value;

import java.util.List;

/// A list, a tuple or one of their look-alikes; immutable.
public final class Sequence implements Value {
    /// Containers nested in one another deeper than this are refused when they are made.
    public static final int DEPTH_MAX = 100;

    public static final Sequence EMPTY_LIST = list(List.of());

    /// What Python calls it.
    public enum Kind {
        LIST("list"),
        TUPLE("tuple"),
        /// A pair that `groupby` makes: a tuple whose parts also have names.
        GROUP("_GroupTuple"),
        RANGE("range"),
        KEYS("dict_keys"),
        VALUES("dict_values"),
        ITEMS("dict_items");

        private final String typeName;

        Kind(String typeName) {
            this.typeName = typeName;
        }
    }

    private final Kind kind;
    private final List<Value> items;
    private final long size;
    private final int depth;
    private final boolean isHashable;

    private Sequence(Kind kind, List<Value> items, long size, int depth, boolean isHashable) {
        this.kind = kind;
        this.items = items;
        this.size = size;
        this.depth = depth;
        this.isHashable = isHashable;
    }

    /// A list of `items`, which must not change afterwards.
    public static Sequence list(List<Value> items) {
        return of(Kind.LIST, items);
    }

    /// A tuple of `items`, which must not change afterwards.
    public static Sequence tuple(List<Value> items) {
        return of(Kind.TUPLE, items);
    }

    /// A pair.
    public static Sequence pair(Value first, Value second) {
        return of(Kind.TUPLE, List.of(first, second));
    }

    /// What `groupby` collects under one key.
    public static Sequence group(Value grouper, Value members) {
        return of(Kind.GROUP, List.of(grouper, members));
    }

    /// A sequence of `items`, which must not change afterwards.
    public static Sequence of(Kind kind, List<Value> items) {
        long size = 2;
        int depth = 0;
        boolean isHashable = kind == Kind.TUPLE || kind == Kind.GROUP || kind == Kind.RANGE;
        for (Value item : items) {
            size += item.size() + 2;
            depth = Math.max(depth, item.depth());
            isHashable &= item.isHashable();
        }
        return new Sequence(kind, items, saturated(size), nested(depth), isHashable);
    }

    /// The depth of a container of things that are `depth` deep.
    static int nested(int depth) {
        if (depth >= DEPTH_MAX) {
            throw TemplateFault.limit("containers are nested deeper than " + DEPTH_MAX);
        }
        return depth + 1;
    }

    /// Keeps sums of sizes from overflowing.
    static long saturated(long size) {
        return size < 0 || size > Long.MAX_VALUE >> 24 ? Long.MAX_VALUE >> 24 : size;
    }

    public Kind kind() {
        return kind;
    }

    public List<Value> items() {
        return items;
    }

    /// Whether elements can be taken by position, which views do not offer.
    public boolean isIndexed() {
        return switch (kind) {
            case LIST, TUPLE, GROUP, RANGE -> true;
            case KEYS, VALUES, ITEMS -> false;
        };
    }

    @Override
    public boolean isTruthy() {
        return !items.isEmpty();
    }

    @Override
    public String typeName() {
        return kind.typeName;
    }

    @Override
    public void appendRepr(StringBuilder out) {
        switch (kind) {
            case LIST -> Repr.appendItems(out, "[", items.iterator(), "]");
            case TUPLE, GROUP ->
                    Repr.appendItems(out, "(", items.iterator(), items.size() == 1 ? ",)" : ")");
            case RANGE -> out.append(items);
            case KEYS, VALUES, ITEMS ->
                    Repr.appendItems(out, kind.typeName + "([", items.iterator(), "])");
        }
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
        return isHashable;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sequence sequence
                && kind == sequence.kind
                && items.equals(sequence.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }
}
