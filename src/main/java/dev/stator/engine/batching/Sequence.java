package dev.stator.engine.batching;

import dev.stator.engine.FinishReason;
import dev.stator.engine.GenerationRequest;
import dev.stator.kv.pool.BlockTable;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/// One request on its way through a `Scheduler`, which owns it once it is submitted.
public final class Sequence implements SequenceSlice {
    static final int NO_SLOT = -1;

    enum State {
        NEW,
        WAITING,
        /// Paused without blocks: neither waiting nor running.
        PARKED,
        RUNNING,
        ENDED
    }

    private final GenerationRequest request;
    private final BlockTable table;
    private final int[] stopTokens;
    private int[] tokens;
    private int tokenCount;
    private int tokensMax = Integer.MAX_VALUE;
    private int computed; // leading tokens whose KV is in the blocks
    private int start;
    private int count;
    private boolean samples;
    private int slot = NO_SLOT;
    private State state = State.NEW;
    private boolean begun;
    private boolean paused;
    private long pausedAtStep;
    private int cachedTokens;
    private Optional<FinishReason> finish = Optional.empty();
    private @Nullable SequenceHandle handle;

    /// @param table empty, made for the prompt and namespace of the request
    public Sequence(GenerationRequest request, BlockTable table) {
        this.request = request;
        this.table = table;
        this.tokens = request.prompt().toArray();
        this.tokenCount = tokens.length;
        this.stopTokens =
                request.stops().stopTokenIds().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public GenerationRequest request() {
        return request;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public int start() {
        return start;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public boolean samples() {
        return samples;
    }

    @Override
    public int[] tokens() {
        return tokens;
    }

    @Override
    public int tokenCount() {
        return tokenCount;
    }

    @Override
    public int[] blocks() {
        return table.blocks();
    }

    @Override
    public int blockCount() {
        return table.size();
    }

    /// Prompt tokens found in the cache when the sequence first began.
    public int cachedTokens() {
        return cachedTokens;
    }

    /// Present once the sequence has produced its last token.
    public Optional<FinishReason> finish() {
        return finish;
    }

    public boolean hasEnded() {
        return state == State.ENDED;
    }

    /// Whether it was ever admitted.
    public boolean hasBegun() {
        return begun;
    }

    /// Who hears of this sequence; only sequences of a `BatchingEngine` have one.
    SequenceHandle handle() {
        return Objects.requireNonNull(handle);
    }

    void handle(SequenceHandle listener) {
        handle = listener;
    }

    BlockTable table() {
        return table;
    }

    State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    boolean isPaused() {
        return paused;
    }

    long pausedAtStep() {
        return pausedAtStep;
    }

    void pause(long step) {
        paused = true;
        pausedAtStep = step;
    }

    void resume() {
        paused = false;
    }

    /// Tokens known and not yet computed, at least 1 while running.
    int remaining() {
        return tokenCount - computed;
    }

    int computed() {
        return computed;
    }

    /// Bounds prompt and output together.
    void tokensMax(int limit) {
        tokensMax = limit;
    }

    /// Takes up work behind the first `cached` tokens, whose KV is in the table.
    void begin(int slot, int cached) {
        this.slot = slot;
        this.computed = cached;
        this.state = State.RUNNING;
        if (!begun) {
            begun = true;
            cachedTokens = cached;
        }
    }

    /// Loses its blocks and its slot, not its tokens.
    void interrupt() {
        slot = NO_SLOT;
        computed = 0;
    }

    void slice(int tokensToCompute) {
        start = computed;
        count = tokensToCompute;
        samples = start + count == tokenCount;
    }

    void sliceComputed() {
        computed += count;
    }

    /// Takes a sampled token and decides whether it is the last.
    void append(int token) {
        if (tokenCount == tokens.length) {
            tokens = Arrays.copyOf(tokens, tokenCount + (tokenCount >> 1) + 16);
        }
        tokens[tokenCount++] = token;
        if (isStop(token) && outputTokens() > request.stops().minTokens()) {
            finish = Optional.of(FinishReason.STOP);
        } else if (outputTokens() == request.stops().maxTokens() || tokenCount >= tokensMax) {
            finish = Optional.of(FinishReason.LENGTH);
        }
    }

    private boolean isStop(int token) {
        for (int stop : stopTokens) {
            if (stop == token) {
                return true;
            }
        }
        return false;
    }
}
