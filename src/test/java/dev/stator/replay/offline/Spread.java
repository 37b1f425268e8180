package dev.stator.replay.offline;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// A figure from several seeds: the middle one, and how far they lie apart.
final class Spread {
    private final double[] sorted; // at least one

    private Spread(double[] sorted) {
        this.sorted = sorted;
    }

    static Spread of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("a spread needs a value");
        }
        return new Spread(sorted);
    }

    double median() {
        return sorted[sorted.length / 2];
    }

    double least() {
        return sorted[0];
    }

    double most() {
        return sorted[sorted.length - 1];
    }

    /// The middle one and half the distance between the outer ones, unless that rounds to nothing.
    String text(int decimals) {
        String half = rounded((most() - least()) / 2, decimals);
        boolean isOne = half.chars().allMatch(it -> it == '0' || it == '.');
        return rounded(median(), decimals) + (isOne ? "" : " ±" + half);
    }

    /// As a change in percent.
    String percent() {
        Spread hundredfold = of(Arrays.stream(sorted).map(it -> 100 * it));
        return (median() < 0 ? "" : "+") + hundredfold.text(1) + " %";
    }

    private static String rounded(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
