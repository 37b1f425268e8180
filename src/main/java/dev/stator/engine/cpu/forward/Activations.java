package dev.stator.engine.cpu.forward;

import dev.stator.engine.cpu.kernels.Rows;
import dev.stator.engine.cpu.packed.PackedMatrix;
import dev.stator.model.ModelConfig;

/// The buffers of a forward pass, a row per token, which grow to the largest batch they met.
final class Activations {
    private Rows residual;
    private Rows normed;
    private Rows queryKeyValue;
    private Rows mixed;
    private Rows delta;
    private Rows gateUp;
    private Rows gated;
    private Rows logits;

    Activations(ModelConfig config) {
        int queries = config.attentionHeads() * config.headDim();
        int keys = config.keyValueHeads() * config.headDim();
        int hidden = config.hiddenSize();
        this.residual = rows(hidden);
        this.normed = rows(hidden);
        this.queryKeyValue = rows(PackedMatrix.padded(queries + 2 * keys));
        this.mixed = rows(queries);
        this.delta = rows(PackedMatrix.padded(hidden));
        this.gateUp = rows(PackedMatrix.padded(2 * config.intermediateSize()));
        this.gated = rows(config.intermediateSize());
        this.logits = rows(PackedMatrix.padded(config.vocabularySize()));
    }

    /// Makes room for `rows` tokens and `logitRows` rows of logits.
    void prepare(int rows, int logitRows) {
        int all = rows + Tiles.padding();
        residual = grown(residual, all);
        normed = grown(normed, all);
        queryKeyValue = grown(queryKeyValue, all);
        mixed = grown(mixed, all);
        delta = grown(delta, all);
        gateUp = grown(gateUp, all);
        gated = grown(gated, all);
        logits = grown(logits, logitRows == 0 ? 0 : logitRows + Tiles.padding());
    }

    /// The residual stream.
    Rows residual() {
        return residual;
    }

    Rows normed() {
        return normed;
    }

    /// A row is queries, keys, values.
    Rows queryKeyValue() {
        return queryKeyValue;
    }

    /// Output of the attention heads.
    Rows mixed() {
        return mixed;
    }

    /// What is added to the residual stream.
    Rows delta() {
        return delta;
    }

    /// A row is gates, then ups.
    Rows gateUp() {
        return gateUp;
    }

    Rows gated() {
        return gated;
    }

    Rows logits() {
        return logits;
    }

    private static Rows rows(int width) {
        return new Rows(new float[0], 0, width);
    }

    private static Rows grown(Rows rows, int count) {
        int size = Math.multiplyExact(count, rows.stride());
        return rows.data().length >= size ? rows : new Rows(new float[size], 0, rows.stride());
    }
}
