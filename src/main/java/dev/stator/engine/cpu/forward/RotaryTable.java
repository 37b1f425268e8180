package dev.stator.engine.cpu.forward;

import dev.stator.engine.cpu.kernels.Rows;
import dev.stator.model.ModelConfig;
import dev.stator.model.RopeScaling;

import java.util.Arrays;

/// Cosines and sines of the rotary embedding, computed in double for the positions asked for so
/// far. A row is `[head_dim / 2 cosines][head_dim / 2 sines]`. One thread grows it at a time.
final class RotaryTable {
    private static final int POSITIONS_AT_FIRST = 256;

    private final double[] frequencies;
    private float[] table = new float[0];
    private int positions;

    RotaryTable(ModelConfig config) {
        this.frequencies = frequencies(config);
    }

    /// Makes sure that positions below `end` can be asked for.
    void grow(int end) {
        if (end <= positions) {
            return;
        }
        int grown = Math.max(end, Math.max(POSITIONS_AT_FIRST, 2 * positions));
        table = Arrays.copyOf(table, Math.multiplyExact(grown, 2 * frequencies.length));
        for (int position = positions; position < grown; position++) {
            fill(position);
        }
        positions = grown;
    }

    Rows at(int position) {
        return new Rows(table, position * 2 * frequencies.length, 2 * frequencies.length);
    }

    private void fill(int position) {
        int half = frequencies.length;
        int at = position * 2 * half;
        for (int i = 0; i < half; i++) {
            double angle = position * frequencies[i];
            table[at + i] = (float) StrictMath.cos(angle);
            table[at + half + i] = (float) StrictMath.sin(angle);
        }
    }

    private static double[] frequencies(ModelConfig config) {
        var frequencies = new double[config.headDim() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double frequency = StrictMath.pow(config.ropeTheta(), -2.0 * i / config.headDim());
            frequencies[i] = config.ropeScaling().map(s -> scaled(frequency, s)).orElse(frequency);
        }
        return frequencies;
    }

    /// Llama 3: waves longer than the trained context are stretched, short ones are kept, and those
    /// between are mixed in proportion to how often they fit into it.
    private static double scaled(double frequency, RopeScaling scaling) {
        double turns = scaling.originalMaxPositionEmbeddings() * frequency / (2 * Math.PI);
        double stretched = frequency / scaling.factor();
        if (turns < scaling.lowFreqFactor()) {
            return stretched;
        }
        if (turns > scaling.highFreqFactor()) {
            return frequency;
        }
        double kept =
                (turns - scaling.lowFreqFactor())
                        / (scaling.highFreqFactor() - scaling.lowFreqFactor());
        return (1 - kept) * stretched + kept * frequency;
    }
}
