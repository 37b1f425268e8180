package dev.stator.model.template.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Python's comparisons.
public final class Ordering {
    private static final int UNORDERED = 2;

    private Ordering() {}

    /// `left == right`.
    public static boolean isEqual(Value left, Value right, Budget budget) {
        budget.read(Math.min(left.size(), right.size()));
        return left.equals(right);
    }

    /// `left < right`; a fault between types that have no order.
    public static boolean isLess(Value left, Value right, Budget budget) {
        budget.read(Math.min(left.size(), right.size()));
        return order("<", left, right) == -1;
    }

    /// `left <= right`; a fault between types that have no order.
    public static boolean isLessOrEqual(Value left, Value right, Budget budget) {
        budget.read(Math.min(left.size(), right.size()));
        int order = order("<=", left, right);
        return order == -1 || order == 0;
    }

    /// Sorts stably and faults on elements that cannot be compared. Never relies on the order being
    /// total, which NaN breaks.
    public static <T> List<T> sort(List<T> items, Less<T> less, Budget budget) {
        budget.elements(items.size() * (64L - Long.numberOfLeadingZeros(items.size())));
        if (items.size() < 2) {
            return items;
        }
        int middle = items.size() / 2;
        List<T> left = sort(items.subList(0, middle), less, budget);
        List<T> right = sort(items.subList(middle, items.size()), less, budget);
        List<T> sorted = new ArrayList<>(items.size());
        int i = 0;
        int j = 0;
        while (i < left.size() && j < right.size()) {
            boolean takesRight = less.test(right.get(j), left.get(i));
            sorted.add(takesRight ? right.get(j++) : left.get(i++));
        }
        sorted.addAll(left.subList(i, left.size()));
        sorted.addAll(right.subList(j, right.size()));
        return sorted;
    }

    /// Whether the first comes before the second.
    public interface Less<T> {
        boolean test(T first, T second);
    }

    /// -1, 0 or 1, and 2 when one of them is NaN.
    static int compare(Num left, Num right) {
        if (left instanceof Num.Real || right instanceof Num.Real) {
            return compareReal(left, right);
        }
        if (left instanceof Num.BigInt || right instanceof Num.BigInt) {
            return Arithmetic.bigInteger(left).compareTo(Arithmetic.bigInteger(right));
        }
        return Long.compare(Arithmetic.longValue(left), Arithmetic.longValue(right));
    }

    private static int compareReal(Num left, Num right) {
        if (left instanceof Num.Real(var a) && right instanceof Num.Real(var b)) {
            return Double.isNaN(a) || Double.isNaN(b) ? UNORDERED : a < b ? -1 : a > b ? 1 : 0;
        }
        if (right instanceof Num.Real(var real)) {
            return compare(Arithmetic.bigInteger(left), real);
        }
        int reversed = compare(Arithmetic.bigInteger(right), left.toDouble());
        return reversed == UNORDERED ? UNORDERED : -reversed;
    }

    private static int compare(BigInteger whole, double real) {
        if (Double.isNaN(real)) {
            return UNORDERED;
        }
        if (Double.isInfinite(real)) {
            return real > 0 ? -1 : 1;
        }
        return new BigDecimal(whole).compareTo(new BigDecimal(real));
    }

    private static int order(String operator, Value left, Value right) {
        if (left instanceof Num a && right instanceof Num b) {
            return compare(a, b);
        }
        if (left instanceof Value.Text(var a, _) && right instanceof Value.Text(var b, _)) {
            return Integer.signum(CodePoints.compare(a, b));
        }
        if (left instanceof Sequence a && right instanceof Sequence b && areOrdered(a, b)) {
            return order(operator, a, b);
        }
        throw TemplateFault.operands(operator, left, right);
    }

    private static boolean areOrdered(Sequence left, Sequence right) {
        return left.kind() == right.kind()
                && (left.kind() == Sequence.Kind.LIST || left.kind() == Sequence.Kind.TUPLE);
    }

    private static int order(String operator, Sequence left, Sequence right) {
        int shared = Math.min(left.items().size(), right.items().size());
        for (int i = 0; i < shared; i++) {
            Value a = left.items().get(i);
            Value b = right.items().get(i);
            if (!a.equals(b)) {
                return order(operator, a, b);
            }
        }
        return Integer.compare(left.items().size(), right.items().size());
    }
}
