package dev.stator.model.template.value;

import java.math.BigDecimal;
import java.math.BigInteger;

/// A number. Truth values are numbers too, as in Python; equal numbers of different types are equal
/// and have the same hash code.
public sealed interface Num extends Value {

    double toDouble();

    /// A whole number that a `long` holds.
    record Int(long value) implements Num {
        public static final Int ZERO = new Int(0);

        public static Int of(long value) {
            return value == 0 ? ZERO : new Int(value);
        }

        @Override
        public boolean isTruthy() {
            return value != 0;
        }

        @Override
        public String typeName() {
            return "int";
        }

        @Override
        public void appendRepr(StringBuilder out) {
            out.append(value);
        }

        @Override
        public double toDouble() {
            return value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Num number && Ordering.compare(this, number) == 0;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(value);
        }
    }

    /// A whole number beyond `long`.
    record BigInt(BigInteger value) implements Num {

        @Override
        public boolean isTruthy() {
            return true;
        }

        @Override
        public String typeName() {
            return "int";
        }

        @Override
        public void appendRepr(StringBuilder out) {
            out.append(value);
        }

        @Override
        public long size() {
            return value.bitLength() / 3 + 1L;
        }

        @Override
        public double toDouble() {
            double nearest = value.doubleValue();
            if (Double.isInfinite(nearest)) {
                throw TemplateFault.evaluation("int too large to convert to float");
            }
            return nearest;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Num number && Ordering.compare(this, number) == 0;
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    /// A float.
    record Real(double value) implements Num {

        @Override
        public boolean isTruthy() {
            return value != 0;
        }

        @Override
        public String typeName() {
            return "float";
        }

        @Override
        public void appendRepr(StringBuilder out) {
            out.append(Repr.ofDouble(value));
        }

        @Override
        public long size() {
            return 8;
        }

        @Override
        public double toDouble() {
            return value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Num number && Ordering.compare(this, number) == 0;
        }

        @Override
        public int hashCode() {
            if (value != Math.rint(value) || Double.isInfinite(value)) {
                return Double.hashCode(value);
            }
            return Math.abs(value) < 0x1p63
                    ? Long.hashCode((long) value)
                    : new BigDecimal(value).toBigInteger().hashCode();
        }
    }

    /// `True` or `False`.
    record Truth(boolean value) implements Num {
        public static final Truth FALSE = new Truth(false);
        public static final Truth TRUE = new Truth(true);

        public static Truth of(boolean value) {
            return value ? TRUE : FALSE;
        }

        @Override
        public boolean isTruthy() {
            return value;
        }

        @Override
        public String typeName() {
            return "bool";
        }

        @Override
        public void appendRepr(StringBuilder out) {
            out.append(value ? "True" : "False");
        }

        @Override
        public double toDouble() {
            return value ? 1 : 0;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Num number && Ordering.compare(this, number) == 0;
        }

        @Override
        public int hashCode() {
            return value ? 1 : 0;
        }
    }
}
