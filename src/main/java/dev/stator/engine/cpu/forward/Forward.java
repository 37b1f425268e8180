package dev.stator.engine.cpu.forward;

import dev.stator.engine.cpu.forward.RaggedBatch.Slice;
import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.kernels.RowKernel;
import dev.stator.engine.cpu.kernels.Rows;
import dev.stator.engine.cpu.packed.PackedLayer;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.model.ModelConfig;

import java.util.function.IntConsumer;
import java.util.function.Supplier;

/// One step of a model over a ragged batch: reads and extends the KV memory, returns logits.
///
/// The bits of a token's logits depend on the tokens before it in its sequence and on nothing else:
/// not on how the prompt was cut, on what else was in the batch, on the number of threads, on the
/// kernels, or on whether its blocks were computed for another request.
///
/// Owned by one thread at a time.
public final class Forward {
    /// Fewer rows than this are not worth waking other threads for.
    private static final int ROWS_ALONE_MAX = 7;

    private static final int ROWS_PER_CHUNK = 4;

    private final PackedModel model;
    private final ModelConfig config;
    private final KernelPool pool;
    private final Supplier<Kernels> kernels;
    private final Products products;
    private final Attention attention;
    private final RotaryTable rotary;
    private final Activations activations;
    private final int queryWidth;
    private final int keyWidth;

    /// @param kernels asked once per step
    public Forward(PackedModel model, KernelPool pool, Supplier<Kernels> kernels) {
        this.model = model;
        this.config = model.config();
        this.pool = pool;
        this.kernels = kernels;
        this.products = new Products(pool);
        this.attention = new Attention(config, pool);
        this.rotary = new RotaryTable(config);
        this.activations = new Activations(config);
        this.queryWidth = config.attentionHeads() * config.headDim();
        this.keyWidth = config.keyValueHeads() * config.headDim();
    }

    /// Runs the batch. Throws `IllegalArgumentException` when a token id, a position or a block is
    /// out of range; the KV memory is then untouched.
    public Logits run(RaggedBatch batch, KvStorage kv) {
        batch.slices().forEach(slice -> check(slice, kv));
        Step step = Step.of(kernels.get(), batch, kv);
        rotary.grow(step.positionEnd());
        activations.prepare(step.rows(), batch.logitRows());
        embed(step);
        for (int layer = 0; layer < config.layers(); layer++) {
            attend(step, layer);
            feedForward(step, model.layer(layer));
        }
        return head(step);
    }

    private void embed(Step step) {
        Rows x = activations.residual();
        forRows(
                step,
                row -> model.embedding().row(step.tokenId(row), x.data(), x.shift(row, 0).at()));
    }

    /// `x += W_o · attention(norm(x))`.
    private void attend(Step step, int index) {
        PackedLayer layer = model.layer(index);
        Rows normed = activations.normed();
        Rows queryKeyValue = activations.queryKeyValue();
        norm(step, layer.attentionNorm());
        products.multiply(
                step.kernels(), layer.queryKeyValue(), normed, step.rows(), queryKeyValue);
        forRows(step, row -> storeKeyValue(step, index, row));
        attention.run(step, index, queryKeyValue, activations.mixed());
        products.multiply(
                step.kernels(),
                layer.output(),
                activations.mixed(),
                step.rows(),
                activations.delta());
        addDelta(step);
    }

    /// `x += W_down · (silu(W_gate · norm(x)) · (W_up · norm(x)))`.
    private void feedForward(Step step, PackedLayer layer) {
        RowKernel kernel = step.kernels().rows();
        Rows gateUp = activations.gateUp();
        Rows gated = activations.gated();
        int wide = config.intermediateSize();
        norm(step, layer.mlpNorm());
        products.multiply(
                step.kernels(), layer.gateUp(), activations.normed(), step.rows(), gateUp);
        forRows(
                step,
                row ->
                        kernel.swiGlu(
                                gateUp.shift(row, 0),
                                gateUp.shift(row, wide),
                                wide,
                                gated.shift(row, 0)));
        products.multiply(step.kernels(), layer.down(), gated, step.rows(), activations.delta());
        addDelta(step);
    }

    private Logits head(Step step) {
        Rows normed = activations.normed();
        int wanted = 0;
        for (int row = 0; row < step.rows(); row++) {
            if (step.wantsLogits(row)) {
                step.kernels()
                        .rows()
                        .rmsNorm(
                                activations.residual().shift(row, 0),
                                model.finalNorm(),
                                config.rmsNormEps(),
                                normed.shift(wanted++, 0));
            }
        }
        Rows logits = activations.logits();
        if (wanted > 0) {
            products.multiply(step.kernels(), model.head(), normed, wanted, logits);
        }
        return new Logits(logits.data(), wanted, logits.stride(), config.vocabularySize());
    }

    private void norm(Step step, float[] weight) {
        RowKernel kernel = step.kernels().rows();
        Rows x = activations.residual();
        Rows y = activations.normed();
        forRows(
                step,
                row ->
                        kernel.rmsNorm(
                                x.shift(row, 0), weight, config.rmsNormEps(), y.shift(row, 0)));
    }

    private void addDelta(Step step) {
        RowKernel kernel = step.kernels().rows();
        Rows x = activations.residual();
        Rows delta = activations.delta();
        forRows(step, row -> kernel.add(x.shift(row, 0), delta.shift(row, 0), config.hiddenSize()));
    }

    /// Norms and rotates the row's queries and keys, and stores key and value of each KV head.
    private void storeKeyValue(Step step, int index, int row) {
        PackedLayer layer = model.layer(index);
        RowKernel kernel = step.kernels().rows();
        Rows queries = activations.queryKeyValue().shift(row, 0);
        Rows keys = queries.shift(0, queryWidth);
        Rows values = keys.shift(0, keyWidth);
        int position = step.position(row);
        Rows angles = rotary.at(position);
        for (int head = 0; head < config.attentionHeads(); head++) {
            turn(kernel, queries.shift(0, head * config.headDim()), layer.queryNorm(), angles);
        }
        KvStorage kv = step.kv();
        int block = step.slice(row).blocks()[position / kv.blockSizeTokens()];
        int slot = position % kv.blockSizeTokens();
        for (int head = 0; head < config.keyValueHeads(); head++) {
            Rows key = keys.shift(0, head * config.headDim());
            turn(kernel, key, layer.keyNorm(), angles);
            kv.write(
                    kv.keys(block, index, head, slot),
                    kv.values(block, index, head, slot),
                    slot,
                    key,
                    values.shift(0, head * config.headDim()));
        }
    }

    private void turn(RowKernel kernel, Rows head, float[] weight, Rows angles) {
        if (weight.length > 0) {
            kernel.rmsNorm(head, weight, config.rmsNormEps(), head);
        }
        kernel.rotate(head, angles, config.headDim() / 2);
    }

    private void forRows(Step step, IntConsumer body) {
        int rows = step.rows();
        if (rows <= ROWS_ALONE_MAX) {
            for (int row = 0; row < rows; row++) {
                body.accept(row);
            }
            return;
        }
        pool.run(
                (rows + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK,
                (chunk, _) -> {
                    int end = Math.min(rows, (chunk + 1) * ROWS_PER_CHUNK);
                    for (int row = chunk * ROWS_PER_CHUNK; row < end; row++) {
                        body.accept(row);
                    }
                });
    }

    private void check(Slice slice, KvStorage kv) {
        for (int id : slice.tokens()) {
            if (id < 0 || id >= config.vocabularySize()) {
                throw new IllegalArgumentException(
                        "token id must be below " + config.vocabularySize() + ": " + id);
            }
        }
        if (slice.end() > config.maxPositionEmbeddings()) {
            throw new IllegalArgumentException(
                    "sequence must not pass %d tokens: %d"
                            .formatted(config.maxPositionEmbeddings(), slice.end()));
        }
        int blocks = (slice.end() + kv.blockSizeTokens() - 1) / kv.blockSizeTokens();
        if (slice.blocks().length < blocks) {
            throw new IllegalArgumentException(
                    "%d tokens need %d blocks: %d"
                            .formatted(slice.end(), blocks, slice.blocks().length));
        }
        for (int i = 0; i < blocks; i++) {
            if (slice.blocks()[i] < 0 || slice.blocks()[i] >= kv.blocks()) {
                throw new IllegalArgumentException(
                        "block must be below " + kv.blocks() + ": " + slice.blocks()[i]);
            }
        }
    }
}
