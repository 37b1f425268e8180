package dev.stator.model.template.tree;

import dev.stator.model.template.method.PercentFormat;
import dev.stator.model.template.method.Texts;
import dev.stator.model.template.value.Arithmetic;
import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Ordering;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.util.List;

/// Operators and the values they combine.
public sealed interface Computation extends Expression {

    /// An arithmetic operator.
    enum Operator {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        FLOOR_DIVIDE,
        MODULO,
        POWER
    }

    /// `left operator right`.
    record Binary(Operator operator, Expression left, Expression right) implements Computation {

        @Override
        public Value evaluate(Frame frame) {
            frame.budget.step();
            Value a = left.evaluate(frame);
            Value b = right.evaluate(frame);
            return switch (operator) {
                case ADD -> Arithmetic.add(a, b, frame.budget);
                case SUBTRACT -> Arithmetic.subtract(a, b);
                case MULTIPLY -> Arithmetic.multiply(a, b, frame.budget);
                case DIVIDE -> Arithmetic.divide(a, b);
                case FLOOR_DIVIDE -> Arithmetic.floorDivide(a, b);
                case MODULO ->
                        a instanceof Text pattern
                                ? PercentFormat.format(pattern, b, frame.budget)
                                : Arithmetic.modulo(a, b);
                case POWER -> Arithmetic.power(a, b);
            };
        }
    }

    /// `-operand` or `+operand`.
    record Sign(boolean isMinus, Expression operand) implements Computation {

        @Override
        public Value evaluate(Frame frame) {
            Value value = operand.evaluate(frame);
            return isMinus ? Arithmetic.negate(value) : Arithmetic.plus(value);
        }
    }

    /// `a ~ b ~ c`.
    record Concatenation(List<Expression> parts) implements Computation {
        public Concatenation {
            parts = List.copyOf(parts);
        }

        @Override
        public Value evaluate(Frame frame) {
            frame.budget.step();
            var out = new StringBuilder();
            for (Expression part : parts) {
                String text = Texts.text(part.evaluate(frame), frame.budget);
                frame.budget.fit((long) out.length() + text.length());
                out.append(text);
            }
            frame.budget.read(out.length());
            return Text.of(out.toString());
        }
    }

    /// `not operand`.
    record Negation(Expression operand) implements Computation {

        @Override
        public Value evaluate(Frame frame) {
            return Num.Truth.of(!operand.evaluate(frame).isTruthy());
        }
    }

    /// `left and right`, which is one of the two values.
    record Conjunction(Expression left, Expression right) implements Computation {

        @Override
        public Value evaluate(Frame frame) {
            Value value = left.evaluate(frame);
            return value.isTruthy() ? right.evaluate(frame) : value;
        }
    }

    /// `left or right`, which is one of the two values.
    record Disjunction(Expression left, Expression right) implements Computation {

        @Override
        public Value evaluate(Frame frame) {
            Value value = left.evaluate(frame);
            return value.isTruthy() ? value : right.evaluate(frame);
        }
    }

    /// `then if condition else otherwise`.
    record Choice(Expression condition, Expression then, Expression otherwise)
            implements Computation {

        @Override
        public Value evaluate(Frame frame) {
            return condition.evaluate(frame).isTruthy()
                    ? then.evaluate(frame)
                    : otherwise.evaluate(frame);
        }
    }

    /// A comparing operator.
    enum Relation {
        EQUAL,
        UNEQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        IN,
        NOT_IN
    }

    /// `first < second <= third`: each neighbour pair must hold.
    record Comparison(Expression first, List<Relation> relations, List<Expression> others)
            implements Computation {
        public Comparison {
            relations = List.copyOf(relations);
            others = List.copyOf(others);
        }

        @Override
        public Value evaluate(Frame frame) {
            Value left = first.evaluate(frame);
            for (int i = 0; i < others.size(); i++) {
                frame.budget.step();
                Value right = others.get(i).evaluate(frame);
                if (!holds(relations.get(i), left, right, frame)) {
                    return Num.Truth.FALSE;
                }
                left = right;
            }
            return Num.Truth.TRUE;
        }

        private static boolean holds(Relation relation, Value left, Value right, Frame frame) {
            return switch (relation) {
                case EQUAL -> Ordering.isEqual(left, right, frame.budget);
                case UNEQUAL -> !Ordering.isEqual(left, right, frame.budget);
                case LESS -> Ordering.isLess(left, right, frame.budget);
                case LESS_OR_EQUAL -> Ordering.isLessOrEqual(left, right, frame.budget);
                case GREATER -> Ordering.isLess(right, left, frame.budget);
                case GREATER_OR_EQUAL -> Ordering.isLessOrEqual(right, left, frame.budget);
                case IN -> Items.contains(right, left, frame.budget);
                case NOT_IN -> !Items.contains(right, left, frame.budget);
            };
        }
    }
}
