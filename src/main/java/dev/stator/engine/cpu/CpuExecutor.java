package dev.stator.engine.cpu;

import dev.stator.engine.batching.SequenceSlice;
import dev.stator.engine.batching.StepExecutor;
import dev.stator.engine.batching.StepOutput;
import dev.stator.engine.batching.StepPlan;
import dev.stator.engine.cpu.forward.Forward;
import dev.stator.engine.cpu.forward.KvStorage;
import dev.stator.engine.cpu.forward.Logits;
import dev.stator.engine.cpu.forward.RaggedBatch;
import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.engine.cpu.sampling.Sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Computes a step: one forward pass over all slices, then a token for each that samples.
final class CpuExecutor implements StepExecutor {
    private final KernelPool pool;
    private final KvStorage kv;
    private final Forward forward;
    private final Sampler sampler;
    private final float[] usable;

    CpuExecutor(CpuEngineConfig config, PackedModel model, Supplier<Kernels> kernels) {
        this.pool = new KernelPool(config.threads(), "kernels-" + config.worker());
        this.kv =
                new KvStorage(
                        model.config(),
                        config.kvFormat(),
                        config.kvBlocks(),
                        config.blockSizeTokens());
        this.forward = new Forward(model, pool, kernels);
        this.sampler = new Sampler(config.usableVocabulary());
        this.usable = new float[config.usableVocabulary()];
    }

    @Override
    public void execute(StepPlan plan, StepOutput output) {
        Logits logits = forward.run(batch(plan), kv);
        int row = 0;
        for (int i = 0; i < plan.size(); i++) {
            SequenceSlice slice = plan.slice(i);
            if (slice.samples()) {
                System.arraycopy(logits.values(), logits.offset(row), usable, 0, usable.length);
                row++;
                output.put(
                        i,
                        sampler.sample(
                                usable, slice.request(), slice.tokens(), slice.tokenCount()));
            }
        }
    }

    @Override
    public void close() {
        pool.close();
        kv.close();
    }

    private static RaggedBatch batch(StepPlan plan) {
        List<RaggedBatch.Slice> slices = new ArrayList<>(plan.size());
        for (int i = 0; i < plan.size(); i++) {
            SequenceSlice slice = plan.slice(i);
            int end = slice.start() + slice.count();
            slices.add(
                    new RaggedBatch.Slice(
                            Arrays.copyOfRange(slice.tokens(), slice.start(), end),
                            slice.start(),
                            Arrays.copyOf(slice.blocks(), slice.blockCount()),
                            slice.samples()));
        }
        return new RaggedBatch(slices);
    }
}
