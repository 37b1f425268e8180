package dev.stator.model.template.value;

/// A value of the template language with Python's meaning. `equals` is Python's `==`.
///
/// Values do not change, namespaces and `Stream` excepted, so a container knows from the start how
/// deep and how large it is; both bound the cost of printing and comparing it later.
public sealed interface Value
        permits Value.Text,
                Value.None,
                Value.Undefined,
                Num,
                Sequence,
                Dict,
                Stream,
                TemplateObject {

    /// Whether an `if` takes it for true.
    boolean isTruthy();

    /// The name of its Python type, for messages.
    String typeName();

    /// Appends what Python's `repr` says.
    void appendRepr(StringBuilder out);

    /// What Python's `str` says.
    default String text() {
        var out = new StringBuilder();
        appendRepr(out);
        return out.toString();
    }

    /// Appends what `text` returns.
    default void appendText(StringBuilder out) {
        appendRepr(out);
    }

    /// About how many characters printing takes.
    default long size() {
        return 1;
    }

    /// How many containers are nested in it, itself included.
    default int depth() {
        return 0;
    }

    /// Whether it may be the key of a dictionary.
    default boolean isHashable() {
        return true;
    }

    /// A string. Comparable, so that keys with equal hash codes cost a map little.
    ///
    /// @param value its characters
    /// @param isMarkup whether `safe` or `escape` made it: what is added to it with `+` or `%` is
    ///     then escaped for HTML
    record Text(String value, boolean isMarkup) implements Value, Comparable<Text> {
        public static final Text EMPTY = new Text("", false);

        public static Text of(String value) {
            return value.isEmpty() ? EMPTY : new Text(value, false);
        }

        /// Another string of the same sort.
        public Text like(String other) {
            return isMarkup ? new Text(other, true) : of(other);
        }

        /// This string for use in markup.
        public Text escaped() {
            return isMarkup ? this : new Text(Markup.escape(value), true);
        }

        @Override
        public boolean isTruthy() {
            return !value.isEmpty();
        }

        @Override
        public String typeName() {
            return "str";
        }

        @Override
        public void appendRepr(StringBuilder out) {
            out.append(isMarkup ? "Markup(" : "");
            Repr.appendQuoted(out, value);
            out.append(isMarkup ? ")" : "");
        }

        @Override
        public String text() {
            return value;
        }

        @Override
        public void appendText(StringBuilder out) {
            out.append(value);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Text(var text, _) && value.equals(text);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }

        @Override
        public int compareTo(Text other) {
            return CodePoints.compare(value, other.value);
        }

        @Override
        public long size() {
            return value.length() + 2L;
        }
    }

    /// `None`.
    enum None implements Value {
        NONE;

        @Override
        public boolean isTruthy() {
            return false;
        }

        @Override
        public String typeName() {
            return "NoneType";
        }

        @Override
        public void appendRepr(StringBuilder out) {
            out.append("None");
        }

        @Override
        public long size() {
            return 4;
        }
    }

    /// What is not there: prints as nothing, iterates as empty, and any other use is the fault
    /// `problem`.
    record Undefined(String problem) implements Value {

        public static Undefined name(String name) {
            return new Undefined("'" + name + "' is undefined");
        }

        public static Undefined attribute(Value owner, String name) {
            return new Undefined(
                    "'" + owner.typeName() + " object' has no attribute '" + name + "'");
        }

        @Override
        public boolean isTruthy() {
            return false;
        }

        @Override
        public String typeName() {
            return "Undefined";
        }

        @Override
        public void appendRepr(StringBuilder out) {
            out.append("Undefined");
        }

        @Override
        public String text() {
            return "";
        }

        @Override
        public void appendText(StringBuilder out) {}

        @Override
        public boolean equals(Object other) {
            return other instanceof Undefined;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }
}
