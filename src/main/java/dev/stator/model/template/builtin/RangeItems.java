package dev.stator.model.template.builtin;

import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;

import java.util.AbstractList;
import java.util.RandomAccess;

/// The numbers of a `range`, computed when asked for.
final class RangeItems extends AbstractList<Value> implements RandomAccess {
    private static final int LENGTH_MAX = 100_000;

    private final long start;
    private final long stop;
    private final long step;
    private final int length;

    private RangeItems(long start, long stop, long step, int length) {
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.length = length;
    }

    /// The numbers from `start` before `stop`; more than a hundred thousand are refused.
    static RangeItems of(long start, long stop, long step) {
        if (step == 0) {
            throw TemplateFault.evaluation("range() arg 3 must not be zero");
        }
        double span = ((double) stop - (double) start) / step;
        if (span > LENGTH_MAX) {
            throw TemplateFault.limit("a range is longer than " + LENGTH_MAX);
        }
        return new RangeItems(start, stop, step, Math.max(0, (int) Math.ceil(span)));
    }

    @Override
    public Value get(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException(index);
        }
        return Num.Int.of(start + index * step);
    }

    @Override
    public int size() {
        return length;
    }

    @Override
    public String toString() {
        return step == 1
                ? "range(" + start + ", " + stop + ")"
                : "range(" + start + ", " + stop + ", " + step + ")";
    }
}
