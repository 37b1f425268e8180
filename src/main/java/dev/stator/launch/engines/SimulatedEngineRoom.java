package dev.stator.launch.engines;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.batching.StepListener;
import dev.stator.engine.simulated.SimulatedConfig;
import dev.stator.engine.simulated.SimulatedEngine;
import dev.stator.engine.simulated.TimingModel;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.model.LoadedModel;
import dev.stator.model.tokenizer.Tokenizer;

import java.time.Duration;
import java.util.List;

/// Engines that take the time of a model and produce tokens that clients can verify.
final class SimulatedEngineRoom implements EngineRoom {
    private static final int SEQUENCES_DEFAULT = 16_384;
    private static final int BLOCKS_DEFAULT = 16_384;

    /// Ids below are single bytes in a byte-level vocabulary, and many of them no text.
    private static final int FIRST_TOKEN = 256;

    private final EngineSetup config;
    private final EngineConfig.Simulated engine;
    private final LoadedModel model;
    private final Tokenizer tokenizer;

    SimulatedEngineRoom(EngineSetup config, EngineConfig.Simulated engine, ChatModel chat) {
        this.config = config;
        this.engine = engine;
        this.model = LoadedModel.open(config.model());
        this.tokenizer = chat.tokenizer();
    }

    @Override
    public EngineInfo info() {
        SimulatedConfig one = config("");
        return new EngineInfo(
                one.model(),
                one.contextLengthTokens(),
                one.blockSizeTokens(),
                one.blocks(),
                one.batching().maxBatchTokens(),
                one.batching().maxSequences());
    }

    @Override
    public void load(Startup startup) {}

    @Override
    public OpenedEngine open(String worker, List<? extends KvCacheListener> caches) {
        BatchingEngine opened =
                SimulatedEngine.open(config(worker), caches.getFirst(), StepListener.NONE);
        return OpenedEngine.local(opened, opened::report);
    }

    @Override
    public void close() {}

    private SimulatedConfig config(String worker) {
        return new SimulatedConfig(
                worker,
                config.servedModelName().orElse(model.name()),
                model.config().maxPositionEmbeddings(),
                engine.kvBlocks().orElse(BLOCKS_DEFAULT),
                config.pageSizeTokens(),
                new TimingModel(engine.speedup(), engine.speedup()),
                textTokens(tokenizer),
                batching());
    }

    private BatchingConfig batching() {
        BatchingConfig usual = BatchingConfig.DEFAULT;
        int maxSequences = engine.maxSequences().orElse(SEQUENCES_DEFAULT);
        int batchTokens = Math.max(usual.maxBatchTokens(), maxSequences);
        return new BatchingConfig(
                maxSequences,
                batchTokens,
                batchTokens,
                usual.minPrefillTokens(),
                Duration.ofSeconds(1),
                Math.max(usual.waitingRequestsMax(), maxSequences),
                usual.waitingTokensMax(),
                usual.retryAfter(),
                usual.watermark());
    }

    /// The longest run of ids that are text.
    private static TokenRange textTokens(Tokenizer tokenizer) {
        int best = FIRST_TOKEN;
        int bestCount = 0;
        int first = FIRST_TOKEN;
        for (int id = FIRST_TOKEN; id <= tokenizer.vocabularySize(); id++) {
            boolean ends = id == tokenizer.vocabularySize() || tokenizer.isSpecial(id);
            if (ends && id - first > bestCount) {
                best = first;
                bestCount = id - first;
            }
            first = ends ? id + 1 : first;
        }
        return new TokenRange(best, Math.max(1, bestCount));
    }
}
