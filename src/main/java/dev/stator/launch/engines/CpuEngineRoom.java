package dev.stator.launch.engines;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.batching.StepListener;
import dev.stator.engine.cpu.CpuEngine;
import dev.stator.engine.cpu.CpuEngineConfig;
import dev.stator.engine.cpu.forward.KvFormat;
import dev.stator.engine.cpu.forward.KvStorage;
import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.KernelSelector;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.engine.cpu.weights.TensorSource;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.model.LoadedModel;
import dev.stator.model.ModelConfig;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// Engines that run one set of weights on this machine's processors.
final class CpuEngineRoom implements EngineRoom {
    private static final int SEQUENCES_DEFAULT = 64;
    private static final int BATCH_TOKENS_MAX = 2_048;
    private static final int PREFILL_TOKENS_INITIAL = 128;
    private static final int PREFILL_TOKENS_MIN = 32;
    private static final Duration STEP_TIME_TARGET = Duration.ofMillis(300);

    private final EngineSetup config;
    private final EngineConfig.Cpu engine;
    private final LoadedModel model;
    private final KernelSelector kernels = KernelSelector.start();
    private @Nullable PackedModel weights; // null until loaded

    CpuEngineRoom(EngineSetup config, EngineConfig.Cpu engine) {
        this.config = config;
        this.engine = engine;
        this.model = LoadedModel.open(config.model());
    }

    @Override
    public EngineInfo info() {
        CpuEngineConfig one = config("");
        return new EngineInfo(
                one.model(),
                shape().maxPositionEmbeddings(),
                one.blockSizeTokens(),
                one.kvBlocks(),
                one.batching().maxBatchTokens(),
                one.batching().maxSequences());
    }

    @Override
    public void load(Startup startup) {
        try (var pool = new KernelPool(processors(), "load");
                var tensors = TensorSource.open(model.weights(), shape())) {
            weights = PackedModel.load(shape(), tensors, engine.format(), pool, startup::weights);
        }
    }

    @Override
    public OpenedEngine open(String worker, List<? extends KvCacheListener> caches) {
        BatchingEngine opened =
                CpuEngine.open(
                        config(worker),
                        Objects.requireNonNull(weights, "weights are not loaded"),
                        kernels::current,
                        caches.getFirst(),
                        StepListener.NONE);
        return OpenedEngine.local(opened, opened::report);
    }

    @Override
    public void close() {
        kernels.close();
        if (weights != null) {
            weights.close();
        }
    }

    private CpuEngineConfig config(String worker) {
        return new CpuEngineConfig(
                worker,
                config.servedModelName().orElse(model.name()),
                model.usableVocabulary(),
                engine.kvBlocks().orElseGet(this::blocksThatFit),
                config.pageSizeTokens(),
                KvFormat.BF16,
                engine.threads().orElse(Math.max(1, processors() / config.share())),
                batching());
    }

    /// As many blocks as an equal share of the memory set aside for KV holds, but no more than a
    /// handful of requests of full length could use.
    private int blocksThatFit() {
        long blockBytes = KvStorage.blockBytes(shape(), KvFormat.BF16, config.pageSizeTokens());
        long affordable = Machine.kvMemoryBytes() / config.share() / blockBytes;
        int contextBlocks =
                (shape().maxPositionEmbeddings() + config.pageSizeTokens() - 1)
                        / config.pageSizeTokens();
        return (int) Math.clamp(affordable, 1, 16L * contextBlocks);
    }

    private BatchingConfig batching() {
        BatchingConfig usual = BatchingConfig.DEFAULT;
        int maxSequences = engine.maxSequences().orElse(SEQUENCES_DEFAULT);
        return new BatchingConfig(
                maxSequences,
                Math.max(BATCH_TOKENS_MAX, maxSequences),
                PREFILL_TOKENS_INITIAL,
                PREFILL_TOKENS_MIN,
                STEP_TIME_TARGET,
                usual.waitingRequestsMax(),
                usual.waitingTokensMax(),
                usual.retryAfter(),
                usual.watermark());
    }

    private ModelConfig shape() {
        return model.config();
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }
}
