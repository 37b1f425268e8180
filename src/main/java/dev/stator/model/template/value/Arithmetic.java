package dev.stator.model.template.value;

import dev.stator.model.template.value.Num.BigInt;
import dev.stator.model.template.value.Num.Int;
import dev.stator.model.template.value.Num.Real;
import dev.stator.model.template.value.Num.Truth;
import dev.stator.model.template.value.Value.Text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Python's arithmetic, strings and lists included. Whole numbers grow beyond `long` up to a bound.
public final class Arithmetic {
    private static final int BITS_MAX = 1 << 14;

    private Arithmetic() {}

    /// `left + right`.
    public static Value add(Value left, Value right, Budget budget) {
        if (left instanceof Text a && right instanceof Text b) {
            return concatenate(a, b, budget);
        }
        if (left instanceof Sequence a && right instanceof Sequence b) {
            return concatenate(a, b, budget);
        }
        if (!(left instanceof Num a && right instanceof Num b)) {
            throw TemplateFault.operands("+", left, right);
        }
        if (a instanceof Int(var x) && b instanceof Int(var y)) {
            long sum = x + y;
            if (((x ^ sum) & (y ^ sum)) >= 0) {
                return Int.of(sum);
            }
        }
        return isReal(a, b)
                ? new Real(a.toDouble() + b.toDouble())
                : whole(bigInteger(a).add(bigInteger(b)));
    }

    /// `left - right`.
    public static Value subtract(Value left, Value right) {
        if (!(left instanceof Num a && right instanceof Num b)) {
            throw TemplateFault.operands("-", left, right);
        }
        if (a instanceof Int(var x) && b instanceof Int(var y)) {
            long difference = x - y;
            if (((x ^ y) & (x ^ difference)) >= 0) {
                return Int.of(difference);
            }
        }
        return isReal(a, b)
                ? new Real(a.toDouble() - b.toDouble())
                : whole(bigInteger(a).subtract(bigInteger(b)));
    }

    /// `left * right`, where one may be a string or list to repeat.
    public static Value multiply(Value left, Value right, Budget budget) {
        if (left instanceof Num a && right instanceof Num b) {
            return isReal(a, b)
                    ? new Real(a.toDouble() * b.toDouble())
                    : whole(bigInteger(a).multiply(bigInteger(b)));
        }
        if (right instanceof Num times) {
            return repeat(left, times, budget);
        }
        if (left instanceof Num times) {
            return repeat(right, times, budget);
        }
        throw TemplateFault.operands("*", left, right);
    }

    /// `left / right`, always a float.
    public static Value divide(Value left, Value right) {
        if (!(left instanceof Num a && right instanceof Num b)) {
            throw TemplateFault.operands("/", left, right);
        }
        requireDivisor(b);
        if (a instanceof BigInt || b instanceof BigInt) {
            return bigQuotient(a, b);
        }
        return new Real(a.toDouble() / b.toDouble());
    }

    /// `left // right`, rounded down.
    public static Value floorDivide(Value left, Value right) {
        if (!(left instanceof Num a && right instanceof Num b)) {
            throw TemplateFault.operands("//", left, right);
        }
        requireDivisor(b);
        if (isReal(a, b)) {
            double remainder = floorModulo(a.toDouble(), b.toDouble());
            return new Real(Math.rint((a.toDouble() - remainder) / b.toDouble()));
        }
        BigInteger[] parts = bigInteger(a).divideAndRemainder(bigInteger(b));
        boolean isRoundedUp = parts[1].signum() != 0 && parts[1].signum() != bigInteger(b).signum();
        return whole(isRoundedUp ? parts[0].subtract(BigInteger.ONE) : parts[0]);
    }

    /// `left % right` of numbers; the result has the sign of `right`.
    public static Value modulo(Value left, Value right) {
        if (!(left instanceof Num a && right instanceof Num b)) {
            throw TemplateFault.operands("%", left, right);
        }
        requireDivisor(b);
        if (isReal(a, b)) {
            return new Real(floorModulo(a.toDouble(), b.toDouble()));
        }
        if (a instanceof Int(var x) && b instanceof Int(var y)) {
            return Int.of(Math.floorMod(x, y));
        }
        BigInteger remainder = bigInteger(a).mod(bigInteger(b).abs());
        boolean isShifted = bigInteger(b).signum() < 0 && remainder.signum() != 0;
        return whole(isShifted ? remainder.add(bigInteger(b)) : remainder);
    }

    /// `left ** right`.
    public static Value power(Value left, Value right) {
        if (!(left instanceof Num a && right instanceof Num b)) {
            throw TemplateFault.operands("**", left, right);
        }
        if (!isReal(a, b) && bigInteger(b).signum() >= 0) {
            return wholePower(bigInteger(a), bigInteger(b));
        }
        double base = a.toDouble();
        double exponent = b.toDouble();
        if (base == 0 && exponent < 0) {
            throw TemplateFault.evaluation("0.0 cannot be raised to a negative power");
        }
        if (base < 0 && exponent != Math.rint(exponent)) {
            throw TemplateFault.evaluation("a negative number has no such power");
        }
        double power = Math.pow(base, exponent);
        if (Double.isInfinite(power) && !Double.isInfinite(base) && !Double.isInfinite(exponent)) {
            throw TemplateFault.evaluation("numerical result out of range");
        }
        return new Real(power);
    }

    /// `-operand`.
    public static Value negate(Value operand) {
        return switch (operand) {
            case Real(var value) -> new Real(-value);
            case Num number -> whole(bigInteger(number).negate());
            default -> throw TemplateFault.unexpected(operand, "has no negative");
        };
    }

    /// `+operand`.
    public static Value plus(Value operand) {
        return switch (operand) {
            case Truth(var value) -> Int.of(value ? 1 : 0);
            case Num number -> number;
            default -> throw TemplateFault.unexpected(operand, "has no sign");
        };
    }

    /// The number `value`, as a `long` when it fits.
    public static Num whole(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            return Int.of(value.longValue());
        }
        if (value.bitLength() > BITS_MAX) {
            throw TemplateFault.limit("a whole number is longer than " + BITS_MAX + " bits");
        }
        return new BigInt(value);
    }

    /// The exact value of a whole number or truth value.
    public static BigInteger bigInteger(Num number) {
        return number instanceof BigInt(var value) ? value : BigInteger.valueOf(longValue(number));
    }

    /// The value of a whole number that fits a `long`, or of a truth value.
    static long longValue(Num number) {
        return switch (number) {
            case Int(var value) -> value;
            case Truth(var value) -> value ? 1 : 0;
            case BigInt _, Real _ ->
                    throw TemplateFault.unexpected(number, "is not a whole number");
        };
    }

    private static Value bigQuotient(Num left, Num right) {
        if (isReal(left, right)) {
            return new Real(left.toDouble() / right.toDouble());
        }
        var dividend = new BigDecimal(bigInteger(left));
        double quotient =
                dividend.divide(new BigDecimal(bigInteger(right)), MathContext.DECIMAL128)
                        .doubleValue();
        if (Double.isInfinite(quotient)) {
            throw TemplateFault.evaluation("integer division result too large for a float");
        }
        return new Real(quotient);
    }

    private static boolean isReal(Num left, Num right) {
        return left instanceof Real || right instanceof Real;
    }

    private static void requireDivisor(Num divisor) {
        if (!divisor.isTruthy()) {
            throw TemplateFault.evaluation("division by zero");
        }
    }

    private static double floorModulo(double left, double right) {
        double remainder = left % right;
        if (remainder == 0) {
            return Math.copySign(0.0, right);
        }
        return remainder < 0 == right < 0 ? remainder : remainder + right;
    }

    private static Value wholePower(BigInteger base, BigInteger exponent) {
        if (base.bitLength() <= 1 && !base.equals(BigInteger.TWO)) {
            boolean isOdd = exponent.testBit(0);
            return whole(
                    exponent.signum() == 0 ? BigInteger.ONE : isOdd ? base : base.multiply(base));
        }
        if (exponent.bitLength() > 31 || base.bitLength() * exponent.longValue() > 2L * BITS_MAX) {
            throw TemplateFault.limit("a whole number is longer than " + BITS_MAX + " bits");
        }
        return whole(base.pow(exponent.intValue()));
    }

    private static Value concatenate(Text left, Text right, Budget budget) {
        if (left.isMarkup() || right.isMarkup()) {
            return Markup.concatenate(left, right, budget);
        }
        budget.build((long) left.value().length() + right.value().length());
        return Text.of(left.value().concat(right.value()));
    }

    private static Value concatenate(Sequence left, Sequence right, Budget budget) {
        boolean isJoinable =
                left.kind() == Sequence.Kind.LIST || left.kind() == Sequence.Kind.TUPLE;
        if (!isJoinable || left.kind() != right.kind()) {
            throw TemplateFault.operands("+", left, right);
        }
        budget.elements((long) left.items().size() + right.items().size());
        List<Value> both = new ArrayList<>(left.items().size() + right.items().size());
        both.addAll(left.items());
        both.addAll(right.items());
        return Sequence.of(left.kind(), both);
    }

    private static Value repeat(Value what, Num times, Budget budget) {
        boolean isCount = !(times instanceof Real);
        BigInteger count = isCount ? bigInteger(times).max(BigInteger.ZERO) : BigInteger.ZERO;
        if (what instanceof Text text && isCount) {
            budget.build(product(text.value().length(), count));
            int turns = text.isTruthy() ? count.intValue() : 0;
            return text.like(text.value().repeat(turns));
        }
        if (what instanceof Sequence list && isCount && list.isIndexed()) {
            budget.elements(product(list.items().size(), count));
            List<Value> repeated = new ArrayList<>();
            for (int i = 0; !list.items().isEmpty() && i < count.intValue(); i++) {
                repeated.addAll(list.items());
            }
            return Sequence.of(list.kind(), Collections.unmodifiableList(repeated));
        }
        throw TemplateFault.operands("*", what, times);
    }

    private static long product(int size, BigInteger count) {
        return count.bitLength() > 31 && size > 0 ? Long.MAX_VALUE : size * count.longValue();
    }
}
