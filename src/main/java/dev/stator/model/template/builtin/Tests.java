package dev.stator.model.template.builtin;

import dev.stator.model.template.method.Operation;
import dev.stator.model.template.method.Operations;
import dev.stator.model.template.method.TextCase;
import dev.stator.model.template.method.Texts;
import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Arithmetic;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Ordering;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.TemplateObject;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.util.Optional;
import java.util.function.Predicate;

/// The tests of templates (`x is …`), by name.
public final class Tests {
    private static final Operations TESTS =
            new Operations()
                    .define("defined", "", is(v -> !(v instanceof Value.Undefined)))
                    .define("undefined", "", is(v -> v instanceof Value.Undefined))
                    .define("none", "", is(v -> v == Value.None.NONE))
                    .define("boolean", "", is(v -> v instanceof Num.Truth))
                    .define("true", "", is(v -> v instanceof Num.Truth(var truth) && truth))
                    .define("false", "", is(v -> v instanceof Num.Truth(var truth) && !truth))
                    .define("integer", "", is(v -> v instanceof Num.Int || v instanceof Num.BigInt))
                    .define("float", "", is(v -> v instanceof Num.Real))
                    .define("number", "", is(v -> v instanceof Num))
                    .define("string", "", is(v -> v instanceof Text))
                    .define("mapping", "", is(v -> v instanceof Dict))
                    .define("sequence", "", is(Tests::isSequence))
                    .define("iterable", "", is(Items::isIterable))
                    .define("callable", "", is(Tests::isCallable))
                    .define("escaped", "", is(v -> v instanceof Text text && text.isMarkup()))
                    .define(
                            "lower",
                            "",
                            (v, _, b) -> Num.Truth.of(TextCase.isLower(Texts.text(v, b))))
                    .define(
                            "upper",
                            "",
                            (v, _, b) -> Num.Truth.of(TextCase.isUpper(Texts.text(v, b))))
                    .define("odd", "", (v, _, _) -> remainder(v, Num.Int.of(2), 1))
                    .define("even", "", (v, _, _) -> remainder(v, Num.Int.of(2), 0))
                    .define("divisibleby", "num", (v, a, _) -> remainder(v, a.get(0), 0))
                    .define("filter", "", (v, _, b) -> known(Filters.find(Texts.text(v, b))))
                    .define("test", "", (v, _, b) -> known(find(Texts.text(v, b))))
                    .define("sameas", "other", (v, a, _) -> Num.Truth.of(isSame(v, a.get(0))))
                    .define("in", "seq", (v, a, b) -> Num.Truth.of(Items.contains(a.get(0), v, b)))
                    .define("eq", "/other", (v, a, b) -> equal(v, a.get(0), b))
                    .alias("equalto", "eq")
                    .alias("==", "eq")
                    .define("ne", "/other", (v, a, b) -> not(equal(v, a.get(0), b)))
                    .alias("!=", "ne")
                    .define("lt", "/other", (v, a, b) -> less(v, a.get(0), b))
                    .alias("lessthan", "lt")
                    .alias("<", "lt")
                    .define("gt", "/other", (v, a, b) -> less(a.get(0), v, b))
                    .alias("greaterthan", "gt")
                    .alias(">", "gt")
                    .define("le", "/other", (v, a, b) -> lessOrEqual(v, a.get(0), b))
                    .alias("<=", "le")
                    .define("ge", "/other", (v, a, b) -> lessOrEqual(a.get(0), v, b))
                    .alias(">=", "ge");

    private Tests() {}

    /// The test `name`, if there is one.
    public static Optional<Operation> find(String name) {
        return Optional.ofNullable(TESTS.find(name));
    }

    /// Applies the test that a template names in an argument.
    static boolean call(Value name, Value subject, Arguments arguments, Budget budget) {
        Operation test = name instanceof Text(var called, _) ? TESTS.find(called) : null;
        if (test == null) {
            throw TemplateFault.evaluation("no such test: " + Texts.text(name, budget));
        }
        return test.apply(subject, arguments, budget).isTruthy();
    }

    private static Operation.Body is(Predicate<Value> test) {
        return (subject, _, budget) -> {
            budget.step();
            return Num.Truth.of(test.test(subject));
        };
    }

    private static boolean isSequence(Value value) {
        return value instanceof Text
                || value instanceof Dict
                || value instanceof Value.Undefined
                || (value instanceof Sequence sequence && sequence.isIndexed());
    }

    private static boolean isCallable(Value value) {
        return value instanceof Value.Undefined
                || (value instanceof TemplateObject object && object.isCallable());
    }

    private static Value remainder(Value value, Value divisor, long expected) {
        return Num.Truth.of(Arithmetic.modulo(value, divisor).equals(Num.Int.of(expected)));
    }

    private static Value known(Optional<Operation> operation) {
        return Num.Truth.of(operation.isPresent());
    }

    /// Identity, which for immutable scalars is equality of value and type.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Value value, Value other) {
        boolean isScalar = value instanceof Num || value instanceof Text;
        return value == other
                || (isScalar && value.getClass() == other.getClass() && value.equals(other));
    }

    private static Value equal(Value value, Value other, Budget budget) {
        return Num.Truth.of(Ordering.isEqual(value, other, budget));
    }

    private static Value not(Value truth) {
        return Num.Truth.of(!truth.isTruthy());
    }

    private static Value less(Value value, Value other, Budget budget) {
        return Num.Truth.of(Ordering.isLess(value, other, budget));
    }

    private static Value lessOrEqual(Value value, Value other, Budget budget) {
        return Num.Truth.of(Ordering.isLessOrEqual(value, other, budget));
    }
}
