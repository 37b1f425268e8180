package dev.stator.replay.report;

import java.util.ArrayList;
import java.util.List;

/// Maps values to pixels, evenly or by their logarithm, and says where marks belong.
///
/// @param from the value at the pixel `start`
/// @param to the value at the pixel `end`
record Scale(double from, double to, double start, double end, boolean isLogarithmic) {
    private static final int MARKS = 5;
    private static final double[] STEPS = {1, 2, 5, 10};

    /// Evenly from 0 to a round number that is not below `largest`.
    static Scale fromZero(double largest, double start, double end) {
        double step = step(Math.max(largest, Double.MIN_NORMAL));
        return new Scale(0, Math.ceil(largest / step) * step, start, end, false);
    }

    /// Evenly, exactly from one value to the other.
    static Scale exact(double from, double to, double start, double end) {
        return new Scale(from, Math.max(to, from + Double.MIN_NORMAL), start, end, false);
    }

    /// By the logarithm, over at least half a decade.
    static Scale logarithmic(double smallest, double largest, double start, double end) {
        double middle = Math.sqrt(smallest * largest);
        double from = Math.min(smallest, middle / Math.sqrt(3));
        double to = Math.max(largest, middle * Math.sqrt(3));
        return new Scale(from, to, start, end, true);
    }

    double pixel(double value) {
        double share =
                isLogarithmic
                        ? Math.log(Math.max(value, from) / from) / Math.log(to / from)
                        : (value - from) / (to - from);
        return start + share * (end - start);
    }

    /// Round values from one end to the other.
    List<Double> marks() {
        return isLogarithmic ? logarithmicMarks() : evenMarks();
    }

    private List<Double> evenMarks() {
        double step = step(to - from);
        List<Double> marks = new ArrayList<>();
        for (long i = (long) Math.ceil(from / step); i * step <= to * (1 + 1e-9); i++) {
            marks.add(i * step);
        }
        return marks;
    }

    private List<Double> logarithmicMarks() {
        boolean wide = to / from > 1e3;
        List<Double> marks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
            for (int i = 0; i < (wide ? 1 : STEPS.length - 1); i++) {
                double mark = STEPS[i] * Math.pow(10, power);
                if (mark >= from && mark <= to) {
                    marks.add(mark);
                }
            }
        }
        return marks;
    }

    /// The roundest step that makes about five marks of `length`.
    private static double step(double length) {
        double rough = length / MARKS;
        double decade = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double step : STEPS) {
            if (step * decade >= rough) {
                return step * decade;
            }
        }
        return 10 * decade;
    }
}
