package dev.stator.engine;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// An engine whose every step is made by the test. It remembers the blocks of the prompts it began
/// and tells its listener about them; tokens are whatever the test says.
public final class ManualEngine implements Engine {
    public static final int BLOCK_SIZE_TOKENS = 4;

    private final String name;
    private final KvCacheListener listener;
    private final Set<SequenceHash> cached = new LinkedHashSet<>();
    private final List<Running> running = new CopyOnWriteArrayList<>();
    private boolean closed;

    public ManualEngine(String name, KvCacheListener listener) {
        this.name = name;
        this.listener = listener;
    }

    @Override
    public EngineInfo info() {
        return new EngineInfo("manual", 4_096, BLOCK_SIZE_TOKENS, 1_000, 512, 8);
    }

    @Override
    public synchronized Running generate(GenerationRequest request, TokenSink sink) {
        var generation = new Running(request, sink);
        if (closed) {
            generation.fail(FailureKind.UNAVAILABLE);
        } else {
            running.add(generation);
        }
        return generation;
    }

    /// What is running, oldest first.
    public List<Running> running() {
        return running;
    }

    /// Everything it ever cached.
    public Set<SequenceHash> cached() {
        return cached;
    }

    /// Drops all blocks.
    public synchronized void clear() {
        cached.clear();
        listener.onEvent(new KvCacheEvent.Cleared());
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        running.forEach(Running::close);
    }

    private synchronized int store(GenerationRequest request) {
        TokenBlocks blocks =
                new BlockHasher(BLOCK_SIZE_TOKENS, request.namespace()).hash(request.prompt());
        int hits = 0;
        while (hits < blocks.count()
                && cached.contains(new SequenceHash(blocks.sequenceHash(hits)))) {
            hits++;
        }
        var stored = new ArrayList<StoredBlock>();
        for (int i = hits; i < blocks.count(); i++) {
            var hash = new SequenceHash(blocks.sequenceHash(i));
            cached.add(hash);
            stored.add(new StoredBlock(hash, new BlockHash(blocks.blockHash(i))));
        }
        if (!stored.isEmpty()) {
            listener.onEvent(
                    new KvCacheEvent.Stored(
                            hits == 0
                                    ? Optional.empty()
                                    : Optional.of(new SequenceHash(blocks.sequenceHash(hits - 1))),
                            stored));
        }
        return hits * BLOCK_SIZE_TOKENS;
    }

    /// One running generation.
    public final class Running implements Generation {
        private final GenerationRequest request;
        private final TokenSink sink;
        private boolean begun;
        private int cachedTokens;
        private int outputTokens;
        private boolean paused;
        private boolean ended;

        Running(GenerationRequest request, TokenSink sink) {
            this.request = request;
            this.sink = sink;
        }

        public GenerationRequest request() {
            return request;
        }

        public boolean hasBegun() {
            return begun;
        }

        public boolean isPaused() {
            return paused;
        }

        public Running begin() {
            begun = true;
            cachedTokens = store(request);
            sink.onStart(new GenerationStart(name, cachedTokens));
            return this;
        }

        public Running produce(int... ids) {
            for (int id : ids) {
                outputTokens++;
                sink.onToken(GeneratedToken.of(id));
            }
            return this;
        }

        public void finish() {
            end(finished(FinishReason.STOP));
        }

        public void fail(FailureKind kind) {
            end(new GenerationEnd.Failed(EngineFailure.of(kind, name + " failed")));
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public void close() {
            end(finished(FinishReason.CANCELLED));
        }

        private GenerationEnd finished(FinishReason reason) {
            return new GenerationEnd.Finished(
                    reason, new TokenUsage(request.prompt().size(), cachedTokens, outputTokens));
        }

        private void end(GenerationEnd end) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
            }
            running.remove(this);
            sink.onEnd(end);
        }
    }
}
