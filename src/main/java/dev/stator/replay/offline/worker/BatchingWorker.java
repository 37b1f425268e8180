package dev.stator.replay.offline.worker;

import dev.stator.engine.simulated.TimingModel;
import dev.stator.replay.offline.worker.Agenda.Rank;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Continuous batching as vLLM does it: in each step every running sequence decodes one token, and
/// what the token budget leaves goes to prompts, first come first served, in chunks.
///
/// A prompt's blocks are set aside when it is admitted and kept when it is computed; blocks of the
/// answer are taken as it grows. When they run out, the sequence admitted last is preempted: it
/// keeps its tokens, goes back to the head of the queue and computes again what is not cached then.
/// Steps take the time of Dynamo's mocker (`TimingModel`).
public final class BatchingWorker implements SimulatedWorker {
    private static final double NANOS_PER_MILLI = 1e6;

    private final int number;
    private final BlockCache cache;
    private final BatchLimits limits;
    private final Agenda agenda;
    private final Ledger ledger;
    private final Deque<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>(); // in the order of admission
    private boolean isStepping;
    private boolean hasPreempted; // in the present step, which then admits nobody

    public BatchingWorker(
            int number, BlockCache cache, BatchLimits limits, Agenda agenda, Ledger ledger) {
        this.number = number;
        this.cache = cache;
        this.limits = limits;
        this.agenda = agenda;
        this.ledger = ledger;
    }

    @Override
    public void submit(Job job) {
        var sequence = new Sequence(job);
        if (sequence.blocksAtEnd() > cache.capacityBlocks()) {
            ledger.failed(job);
            return;
        }
        waiting.add(sequence);
        if (!isStepping) {
            beginStep();
        }
    }

    @Override
    public int waiting() {
        return waiting.size();
    }

    @Override
    public BlockCache cache() {
        return cache;
    }

    private void beginStep() {
        hasPreempted = false;
        int budget = decode();
        int decoding = limits.maxBatchTokens() - budget;
        int left = prefill(budget);
        long nanos = stepNanos(budget - left, decoding);
        isStepping = left < limits.maxBatchTokens();
        if (isStepping) {
            ledger.busy(number, nanos);
            agenda.at(agenda.nowNanos() + nanos, Rank.COMPLETION, this::endStep);
        }
    }

    /// Gives each decoding sequence its token of this step; returns the tokens left.
    private int decode() {
        int budget = limits.maxBatchTokens();
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            sequence.stepTokens = 0;
            if (sequence.isPrefilled() && makeRoom(sequence)) {
                sequence.stepTokens = 1;
                budget--;
            }
        }
        return budget;
    }

    /// Gives running prompts and then waiting ones what is left; returns what is left then.
    private int prefill(int budget) {
        int left = budget;
        for (Sequence sequence : running) {
            if (!sequence.isPrefilled()) {
                left -= sequence.takeChunk(left);
            }
        }
        while (left > 0 && running.size() < limits.maxSequences() && admitNext()) {
            left -= running.getLast().takeChunk(left);
        }
        return left;
    }

    private boolean admitNext() {
        Sequence sequence = waiting.peek();
        if (sequence == null || hasPreempted || !admit(sequence)) {
            return false;
        }
        running.add(waiting.remove());
        return true;
    }

    private boolean admit(Sequence sequence) {
        Job job = sequence.job;
        int hit = cache.match(job.blocks());
        cache.pin(job.blocks(), 0, hit);
        int own = sequence.ownBlocks();
        if (!cache.reserve(job.blocks().count() - hit + own)) {
            cache.unpin(job.blocks(), hit);
            return false;
        }
        sequence.admitted(hit, own);
        if (!sequence.hasBegun) {
            sequence.hasBegun = true;
            job.hit(hit);
            ledger.begun(number, job);
        }
        return true;
    }

    /// Takes the block that the next token begins, if it begins one; preempts until there is one.
    /// False when the sequence itself had to go.
    private boolean makeRoom(Sequence sequence) {
        while (sequence.ownBlocks() > sequence.own) {
            if (cache.reserve(1)) {
                sequence.own++;
            } else {
                Sequence last = running.removeLast();
                preempt(last);
                if (last == sequence) {
                    return false;
                }
            }
        }
        return true;
    }

    private void preempt(Sequence sequence) {
        hasPreempted = true;
        free(sequence);
        waiting.addFirst(sequence);
    }

    private void free(Sequence sequence) {
        Job job = sequence.job;
        cache.release(sequence.own);
        if (sequence.isStored) {
            cache.unpin(job.blocks(), job.blocks().count());
        } else {
            cache.release(job.blocks().count() - sequence.hit);
            cache.unpin(job.blocks(), sequence.hit);
        }
    }

    private void endStep() {
        var ended = new ArrayList<Sequence>();
        for (Sequence sequence : running) {
            sequence.computed += sequence.stepTokens;
            if (sequence.stepTokens > 0 && sequence.isPrefilled()) {
                produce(sequence);
                if (sequence.produced >= sequence.wanted) {
                    ended.add(sequence);
                }
            }
        }
        for (Sequence sequence : ended) {
            running.remove(sequence);
            free(sequence);
            ledger.ended(number, sequence.job);
        }
        beginStep();
    }

    private void produce(Sequence sequence) {
        if (!sequence.isStored) {
            sequence.isStored = true;
            cache.store(sequence.job.blocks(), sequence.hit);
        }
        if (sequence.produced++ == 0) {
            ledger.firstToken(number, sequence.job);
        }
        sequence.job.follower().tokenProduced();
    }

    private long stepNanos(int prefillTokens, int decoding) {
        double millis = TimingModel.prefillMillis(prefillTokens);
        if (decoding > 0) {
            millis += TimingModel.decodeMillis((double) cache.inUse() / cache.capacityBlocks());
        }
        return Math.round(millis * NANOS_PER_MILLI / limits.speedup());
    }

    /// A job and how far it is.
    private static final class Sequence {
        private final Job job;
        private final int wanted; // tokens of the answer, at least one
        private int produced;
        private int computed; // of the prompt and the tokens produced, since it was admitted
        private int goal; // tokens to compute before it decodes
        private int stepTokens; // of the present step
        private int hit; // leading blocks that were cached when it was admitted
        private int own; // blocks of the answer
        private boolean isStored; // its prompt is in the cache
        private boolean hasBegun;

        Sequence(Job job) {
            this.job = job;
            wanted = Math.max(1, job.request().outputTokens());
        }

        void admitted(int hitBlocks, int ownBlocks) {
            hit = hitBlocks;
            own = ownBlocks;
            isStored = false;
            computed = job.cachedTokens(hitBlocks);
            goal = job.request().inputTokens() + produced;
        }

        boolean isPrefilled() {
            return computed >= goal;
        }

        int takeChunk(int left) {
            stepTokens = Math.min(left, goal - computed);
            return stepTokens;
        }

        /// Blocks beside those of the prompt that its tokens so far and the next one fill.
        int ownBlocks() {
            return blocks(produced + 1) - job.blocks().count();
        }

        int blocksAtEnd() {
            return blocks(wanted);
        }

        private int blocks(int answerTokens) {
            int size = job.blocks().blockSizeTokens();
            int tokens = job.request().inputTokens() + answerTokens;
            return Math.max(job.blocks().count(), Math.ceilDiv(tokens, size));
        }
    }
}
