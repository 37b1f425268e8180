package dev.stator.engine.batching;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// One ragged step: decoding sequences first, then chunks of prompts.
///
/// The scheduler fills the same plan anew for every step; it is valid until then.
public final class StepPlan {
    private final int maxBatchTokens;
    private final @Nullable Sequence[] slices; // null from size on
    private final List<Sequence> begun = new ArrayList<>();
    private int size;
    private int decodeTokens;
    private int prefillTokens;
    private int prefillTokensMax;

    StepPlan(BatchingConfig config) {
        this.maxBatchTokens = config.maxBatchTokens();
        this.slices = new @Nullable Sequence[config.maxSequences()];
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public SequenceSlice slice(int index) {
        return sequence(index);
    }

    /// Slices of one token behind the prompt.
    public int decodeTokens() {
        return decodeTokens;
    }

    /// Tokens of all other slices.
    public int prefillTokens() {
        return prefillTokens;
    }

    /// Whether more prefill would have been planned with a larger budget.
    boolean isPrefillExhausted() {
        return prefillTokens >= prefillTokensMax;
    }

    /// Sequences admitted for the first time.
    public List<Sequence> begun() {
        return begun;
    }

    Sequence sequence(int index) {
        return Objects.requireNonNull(slices[index]);
    }

    void clear() {
        Arrays.fill(slices, 0, size, null);
        begun.clear();
        size = 0;
        decodeTokens = 0;
        prefillTokens = 0;
    }

    void addDecode(Sequence sequence) {
        sequence.slice(1);
        slices[size++] = sequence;
        decodeTokens++;
    }

    /// Ends the decode part and says how much prefill may follow.
    void openPrefill(int budgetTokens) {
        prefillTokensMax = Math.min(budgetTokens, maxBatchTokens - decodeTokens);
    }

    boolean hasRoom() {
        return prefillTokens < prefillTokensMax;
    }

    void addPrefill(Sequence sequence) {
        int count = Math.min(sequence.remaining(), prefillTokensMax - prefillTokens);
        sequence.slice(count);
        slices[size++] = sequence;
        prefillTokens += count;
    }

    void addBegun(Sequence sequence) {
        begun.add(sequence);
    }
}
