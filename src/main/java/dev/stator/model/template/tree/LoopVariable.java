package dev.stator.model.template.tree;

import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.TemplateObject;
import dev.stator.model.template.value.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// The variable `loop`. Looks ahead only as far as it is asked to.
final class LoopVariable implements TemplateObject {
    static final String NAME = "loop";

    private final Iterator<Value> source;
    private final Deque<Value> ahead = new ArrayDeque<>(1);
    private int length;
    private int index0 = -1;
    private @Nullable Value previous;
    private @Nullable Value current;
    private @Nullable List<Value> lastChanged;

    /// A loop over `source`, which has `length` elements, or an unknown number if negative.
    LoopVariable(Iterator<Value> source, int length) {
        this.source = source;
        this.length = length;
    }

    /// Goes to the next element; `false` at the end.
    boolean advance() {
        if (!hasNext()) {
            return false;
        }
        previous = current;
        current = ahead.isEmpty() ? source.next() : ahead.removeFirst();
        index0++;
        return true;
    }

    Value current() {
        if (current == null) {
            throw new IllegalStateException("the loop has not begun");
        }
        return current;
    }

    @Override
    public Optional<Value> attribute(String name) {
        return Optional.ofNullable(find(name));
    }

    @Override
    public Value call(Arguments arguments, Budget budget) {
        throw TemplateFault.evaluation("only a recursive loop can be called");
    }

    @Override
    public String typeName() {
        return "LoopContext";
    }

    @Override
    public void appendRepr(StringBuilder out) {
        out.append("<LoopContext ").append(index0 + 1).append('/').append(length()).append('>');
    }

    private @Nullable Value find(String name) {
        return switch (name) {
            case "index" -> Num.Int.of(index0 + 1L);
            case "index0" -> Num.Int.of(index0);
            case "first" -> Num.Truth.of(index0 == 0);
            case "last" -> Num.Truth.of(!hasNext());
            case "length" -> Num.Int.of(length());
            case "revindex" -> Num.Int.of((long) length() - index0);
            case "revindex0" -> Num.Int.of(length() - index0 - 1L);
            case "depth" -> Num.Int.of(1);
            case "depth0" -> Num.Int.ZERO;
            case "previtem" -> previous != null ? previous : missing("previous");
            case "nextitem" -> hasNext() ? peek() : missing("next");
            case "cycle" -> new Method(name, this::cycle);
            case "changed" -> new Method(name, this::changed);
            default -> null;
        };
    }

    private boolean hasNext() {
        return !ahead.isEmpty() || source.hasNext();
    }

    private Value peek() {
        if (ahead.isEmpty()) {
            ahead.add(source.next());
        }
        return ahead.getFirst();
    }

    private int length() {
        if (length < 0) {
            source.forEachRemaining(ahead::add);
            length = index0 + 1 + ahead.size();
        }
        return length;
    }

    private static Value missing(String which) {
        return new Value.Undefined("there is no " + which + " item");
    }

    private Value cycle(Arguments arguments, Budget budget) {
        List<Value> values = arguments.positional();
        if (values.isEmpty()) {
            throw TemplateFault.evaluation("no items for cycling given");
        }
        return values.get(index0 % values.size());
    }

    private Value changed(Arguments arguments, Budget budget) {
        arguments.positional().forEach(value -> budget.read(value.size()));
        boolean isChanged = !arguments.positional().equals(lastChanged);
        lastChanged = arguments.positional();
        return Num.Truth.of(isChanged);
    }

    /// A method of the loop, ready to be called.
    private record Method(String name, BiFunction<Arguments, Budget, Value> body)
            implements TemplateObject {

        @Override
        public Value call(Arguments arguments, Budget budget) {
            return body.apply(arguments, budget);
        }

        @Override
        public String typeName() {
            return "method";
        }
    }
}
