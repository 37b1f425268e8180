package dev.stator.engine.batching;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.batching.Sequence.State;
import dev.stator.kv.pool.BlockPool;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Decides what runs in each step. A state machine without clock and threads; one thread owns it.
///
/// * Every running sequence that is not paused decodes one token in every step; what the budget
///   leaves goes to prompts, in the order of admission, cut into chunks as needed.
/// * Admission is first come, first served. It takes the blocks of the whole prompt at once, minus
///   those found in the cache, and leaves a watermark of blocks to those already running. Blocks
///   for the output are taken when they are needed.
/// * When blocks run out, a sequence is preempted: a paused one if there is one, else the one
///   admitted last. It keeps its tokens, goes back to the head of the queue and computes again what
///   is no longer cached. So the oldest sequence always proceeds, and all end.
/// * A paused sequence keeps its blocks until they are needed: for a decode at once, for an
///   admission when it has been paused for `PAUSE_GRACE_STEPS` or nothing else can run.
public final class Scheduler {
    private static final int PAUSE_GRACE_STEPS = 64;

    private final BatchingConfig config;
    private final BlockPool pool;
    private final int contextLengthTokens;
    private final int watermarkBlocks;
    private final StepBudget budget;
    private final StepPlan plan;
    private final StepOutput output;
    private final LinkedHashSet<Sequence> waiting = new LinkedHashSet<>();
    private final LinkedHashSet<Sequence> parked = new LinkedHashSet<>();
    private final List<Sequence> running = new ArrayList<>(); // by admission; may hold leavers
    private final int[] freeSlots; // a stack
    private int freeSlotCount;
    private int pausedRunning;
    private int blockedWithBlocks = -1; // blocks available when the head last found no room
    private long steps;
    private long preemptions;
    private long promptTokens;
    private long cachedTokens;

    /// @param contextLengthTokens longest prompt and output together; what the pool holds bounds it
    public Scheduler(BatchingConfig config, BlockPool pool, int contextLengthTokens) {
        this.config = config;
        this.pool = pool;
        this.contextLengthTokens =
                Math.min(contextLengthTokens, pool.totalBlocks() * pool.blockSizeTokens());
        this.watermarkBlocks = (int) Math.ceil(config.watermark() * pool.totalBlocks());
        this.budget = new StepBudget(config);
        this.plan = new StepPlan(config);
        this.output = new StepOutput(config.maxSequences());
        this.freeSlots = new int[config.maxSequences()];
        for (int slot = config.maxSequences() - 1; slot >= 0; slot--) {
            freeSlots[freeSlotCount++] = slot;
        }
    }

    /// Longest prompt and output together that fit model and pool.
    public int contextLengthTokens() {
        return contextLengthTokens;
    }

    /// Why the request can never be served here, if so. Thread-safe.
    public Optional<EngineFailure> check(GenerationRequest request) {
        int promptTokens = request.prompt().size();
        if (promptTokens < contextLengthTokens) {
            return Optional.empty();
        }
        return Optional.of(
                EngineFailure.of(
                        FailureKind.INVALID_REQUEST,
                        "prompt of %d tokens leaves no room for output: at most %d tokens in all"
                                .formatted(promptTokens, contextLengthTokens)));
    }

    /// Puts a new sequence, which passed `check`, at the end of the queue.
    public void submit(Sequence sequence) {
        sequence.tokensMax(contextLengthTokens);
        sequence.state(State.WAITING);
        waiting.addLast(sequence);
    }

    /// Keeps a sequence from taking further steps. Without effect when it is paused or has ended.
    public void pause(Sequence sequence) {
        if (sequence.isPaused() || sequence.hasEnded()) {
            return;
        }
        sequence.pause(steps);
        if (sequence.state() == State.RUNNING) {
            pausedRunning++;
        } else {
            leaveQueue(sequence);
            park(sequence);
        }
    }

    /// Lets a paused sequence go on. Without effect on others.
    public void resume(Sequence sequence) {
        if (!sequence.isPaused() || sequence.hasEnded()) {
            return;
        }
        sequence.resume();
        if (sequence.state() == State.RUNNING) {
            pausedRunning--;
        } else {
            parked.remove(sequence);
            enqueueAgain(sequence);
        }
    }

    /// Ends a sequence and frees what it holds. Idempotent.
    public void remove(Sequence sequence) {
        switch (sequence.state()) {
            case RUNNING -> vacate(sequence);
            case WAITING -> leaveQueue(sequence);
            case PARKED -> parked.remove(sequence);
            case NEW, ENDED -> {}
        }
        sequence.state(State.ENDED);
    }

    /// The next step; empty when nothing can run until something is submitted, resumed or removed.
    public StepPlan plan() {
        steps++;
        plan.clear();
        dropLeavers();
        planDecode();
        plan.openPrefill(budget.prefillTokens());
        planPrefill();
        admit();
        return plan;
    }

    /// Where the executor puts the tokens of the current plan.
    public StepOutput output() {
        return output;
    }

    /// Takes over what the current plan computed: caches full blocks, appends sampled tokens, and
    /// removes the sequences that have `finish`ed.
    public void complete() {
        for (int i = 0; i < plan.size(); i++) {
            Sequence sequence = plan.sequence(i);
            boolean samples = sequence.samples();
            sequence.sliceComputed();
            pool.commit(sequence.table(), sequence.tokens(), sequence.computed());
            if (samples) {
                GeneratedToken token = output.token(i);
                sequence.append(token.id());
                if (sequence.finish().isPresent()) {
                    remove(sequence);
                }
            }
        }
    }

    /// Tells how long the current plan took; later plans adapt to it.
    public void observe(long stepNanos) {
        budget.observe(plan, stepNanos);
    }

    /// All sequences that have not ended, in no particular order.
    List<Sequence> sequences() {
        dropLeavers();
        List<Sequence> all = new ArrayList<>(running);
        all.addAll(waiting);
        all.addAll(parked);
        return all;
    }

    public int runningSequences() {
        return config.maxSequences() - freeSlotCount;
    }

    /// Sequences without blocks: never begun, preempted, or paused before they could run.
    public int waitingSequences() {
        return waiting.size() + parked.size();
    }

    public long preemptions() {
        return preemptions;
    }

    /// Prompt tokens of all sequences that have begun.
    public long promptTokens() {
        return promptTokens;
    }

    /// Those of them that were found in the cache.
    public long cachedTokens() {
        return cachedTokens;
    }

    private void planDecode() {
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            if (canStep(sequence) && sequence.remaining() == 1 && growForDecode(sequence)) {
                plan.addDecode(sequence);
            }
        }
        dropLeavers();
    }

    /// Makes room for one more token, at the cost of others if need be. False when the sequence
    /// itself had to give way.
    private boolean growForDecode(Sequence sequence) {
        while (!pool.grow(sequence.table(), sequence.tokenCount())) {
            Sequence victim = victim();
            preempt(victim);
            if (victim == sequence) {
                return false;
            }
        }
        return true;
    }

    private void planPrefill() {
        for (int i = 0; i < running.size() && plan.hasRoom(); i++) {
            Sequence sequence = running.get(i);
            if (canStep(sequence) && sequence.remaining() > 1) {
                plan.addPrefill(sequence);
            }
        }
    }

    private void admit() {
        while (!waiting.isEmpty() && plan.hasRoom()) {
            Sequence head = waiting.getFirst();
            if (freeSlotCount > 0 && takeBlocks(head)) {
                begin(head);
            } else if (!preemptPaused()) {
                return;
            }
        }
    }

    /// Holds the cached prefix, never the whole sequence, and blocks for the rest of its tokens.
    private boolean takeBlocks(Sequence sequence) {
        boolean isAlone = runningSequences() == 0;
        if (!isAlone && pool.availableBlocks() <= blockedWithBlocks) {
            return false;
        }
        int found = pool.match(sequence.table(), sequence.tokens(), sequence.tokenCount() - 1);
        int missing = pool.blocksFor(sequence.tokenCount()) - found;
        int spared = isAlone ? 0 : watermarkBlocks;
        if (pool.availableBlocks() - missing >= spared
                && pool.grow(sequence.table(), sequence.tokenCount())) {
            blockedWithBlocks = -1;
            return true;
        }
        pool.release(sequence.table());
        blockedWithBlocks = pool.availableBlocks();
        return false;
    }

    private void begin(Sequence sequence) {
        waiting.remove(sequence);
        running.add(sequence);
        int cached = sequence.table().committed() * pool.blockSizeTokens();
        if (!sequence.hasBegun()) {
            plan.addBegun(sequence);
            promptTokens += sequence.promptTokens();
            cachedTokens += cached;
        }
        sequence.begin(freeSlots[--freeSlotCount], cached);
        plan.addPrefill(sequence);
    }

    /// Frees room for the head of the queue, if a paused sequence may be asked for it.
    private boolean preemptPaused() {
        if (pausedRunning == 0) {
            return false;
        }
        Sequence paused = longestPaused();
        if (!plan.isEmpty() && steps - paused.pausedAtStep() < PAUSE_GRACE_STEPS) {
            return false;
        }
        preempt(paused);
        dropLeavers();
        return true;
    }

    /// The paused sequence admitted last, or else simply the one admitted last.
    private Sequence victim() {
        for (int i = running.size() - 1; i >= 0; i--) {
            Sequence sequence = running.get(i);
            if (sequence.state() == State.RUNNING && (pausedRunning == 0 || sequence.isPaused())) {
                return sequence;
            }
        }
        throw new IllegalStateException("no sequence runs");
    }

    private Sequence longestPaused() {
        return running.stream()
                .filter(sequence -> sequence.isPaused() && sequence.state() == State.RUNNING)
                .min(Comparator.comparingLong(Sequence::pausedAtStep))
                .orElseThrow();
    }

    private void preempt(Sequence sequence) {
        preemptions++;
        vacate(sequence);
        if (sequence.isPaused()) {
            park(sequence);
        } else {
            enqueueAgain(sequence);
        }
    }

    private void park(Sequence sequence) {
        sequence.state(State.PARKED);
        parked.add(sequence);
    }

    /// Preempted sequences go before those that never ran.
    private void enqueueAgain(Sequence sequence) {
        sequence.state(State.WAITING);
        if (sequence.hasBegun()) {
            waiting.addFirst(sequence);
            blockedWithBlocks = -1;
        } else {
            waiting.addLast(sequence);
        }
    }

    private void leaveQueue(Sequence sequence) {
        waiting.remove(sequence);
        blockedWithBlocks = -1;
    }

    /// Frees blocks and slot of a running sequence; `dropLeavers` takes it off the list.
    private void vacate(Sequence sequence) {
        if (sequence.isPaused()) {
            pausedRunning--;
        }
        pool.release(sequence.table());
        freeSlots[freeSlotCount++] = sequence.slot();
        sequence.interrupt();
    }

    private void dropLeavers() {
        if (running.size() > runningSequences()) {
            running.removeIf(sequence -> sequence.state() != State.RUNNING);
        }
    }

    /// Throws `IllegalStateException` when queues, slots and blocks contradict each other.
    void checkInvariants() {
        dropLeavers();
        var slots = new BitSet();
        var blocks = new BitSet();
        int paused = 0;
        for (Sequence sequence : running) {
            slots.set(sequence.slot());
            for (int i = 0; i < sequence.blockCount(); i++) {
                blocks.set(sequence.blocks()[i]);
            }
            paused += sequence.isPaused() ? 1 : 0;
            require(sequence.blockCount() >= pool.blocksFor(sequence.computed()), "no KV blocks");
            require(sequence.remaining() >= 1, "nothing left to compute");
        }
        require(slots.cardinality() == running.size(), "slots are shared");
        require(running.size() == runningSequences(), "slots leaked");
        require(blocks.cardinality() == pool.usedBlocks(), "blocks leaked");
        require(paused == pausedRunning, "paused sequences miscounted");
        require(waiting.stream().noneMatch(Sequence::isPaused), "a paused sequence waits");
        require(parked.stream().allMatch(Sequence::isPaused), "a sequence is parked for nothing");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    private static boolean canStep(Sequence sequence) {
        return sequence.state() == State.RUNNING && !sequence.isPaused();
    }
}
