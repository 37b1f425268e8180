package dev.stator.engine.batching;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationEnd.Failed;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenSink;
import dev.stator.kv.pool.BlockPool;
import dev.stator.kv.pool.BlockTable;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Serves many generations at once by batching their steps.
///
/// One thread, the step thread, owns scheduler, pool and executor and calls all sinks. Others reach
/// it through two bounded queues; it parks when there is nothing to do.
///
/// `notices` cannot overflow: a handle is in it at most once, the gate bounds how many handles are
/// live, and those that ended while queued are gone before as many again can end.
public final class BatchingEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(BatchingEngine.class);
    private static final int ACTIONS_MAX = 256;
    private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(60);

    private final StepExecutor executor;
    private final BlockPool pool;
    private final BatchingSetup setup;
    private final EngineInfo info;
    private final Scheduler scheduler;
    private final AdmissionGate gate;
    private final BlockHasher sharedHasher;
    private final BlockingQueue<SequenceHandle> notices;
    private final BlockingQueue<Consumer<BlockPool>> actions =
            new ArrayBlockingQueue<>(ACTIONS_MAX);
    private final Set<SequenceHandle> live = new LinkedHashSet<>(); // owned by the step thread
    private final Thread stepThread;
    private volatile StepReport report;
    private volatile boolean idle;
    private volatile boolean closing;
    private volatile boolean terminated;

    private BatchingEngine(StepExecutor executor, BlockPool pool, BatchingSetup setup) {
        BatchingConfig config = setup.batching();
        this.executor = executor;
        this.pool = pool;
        this.setup = setup;
        this.scheduler = new Scheduler(config, pool, setup.contextLengthTokens());
        this.gate = new AdmissionGate(config);
        this.sharedHasher = new BlockHasher(pool.blockSizeTokens(), CacheNamespace.SHARED);
        this.notices = new ArrayBlockingQueue<>(2 * AdmissionGate.requestsMax(config));
        this.info =
                new EngineInfo(
                        setup.model(),
                        scheduler.contextLengthTokens(),
                        pool.blockSizeTokens(),
                        pool.totalBlocks(),
                        config.maxBatchTokens(),
                        config.maxSequences());
        this.report = report(0, 0, 0);
        this.stepThread =
                Thread.ofPlatform().daemon().name("engine-" + setup.worker()).unstarted(this::run);
    }

    /// Starts an engine that owns `executor` and `pool` from now on and closes the former.
    public static BatchingEngine open(StepExecutor executor, BlockPool pool, BatchingSetup setup) {
        var engine = new BatchingEngine(executor, pool, setup);
        engine.stepThread.start();
        return engine;
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    /// How full the engine is and what its last step did.
    public StepReport report() {
        return report;
    }

    @Override
    public Generation generate(GenerationRequest request, TokenSink sink) {
        if (closing) {
            return refuse(request, sink, closed());
        }
        Optional<EngineFailure> refusal =
                scheduler.check(request).or(() -> gate.enter(request.prompt().size()));
        if (refusal.isPresent()) {
            return refuse(request, sink, refusal.get());
        }
        var sequence = new Sequence(request, table(request));
        var handle = new SequenceHandle(sequence, sink, this::notice);
        handle.notifyEngine();
        if (terminated) {
            end(handle, handle.finished(FinishReason.CANCELLED));
        }
        return handle;
    }

    /// Runs `action` on the step thread between two steps: to dump or clear the cache, or to move
    /// blocks in and out. False when too many wait already or the engine is closed.
    public boolean withPool(Consumer<BlockPool> action) {
        boolean accepted = !closing && actions.offer(action);
        wake();
        return accepted;
    }

    @Override
    public void close() {
        closing = true;
        wake();
        if (Thread.currentThread().equals(stepThread)) {
            return;
        }
        try {
            if (!stepThread.join(CLOSE_WAIT_MAX)) {
                LOG.error("step of {} hangs; engine is left to itself", setup.worker());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private BlockTable table(GenerationRequest request) {
        CacheNamespace namespace = request.namespace();
        BlockHasher hasher =
                namespace.equals(CacheNamespace.SHARED)
                        ? sharedHasher
                        : new BlockHasher(pool.blockSizeTokens(), namespace);
        return BlockTable.of(hasher, namespace, request.prompt());
    }

    private static Generation refuse(
            GenerationRequest request, TokenSink sink, EngineFailure failure) {
        try {
            sink.onEnd(new Failed(failure));
        } catch (RuntimeException e) {
            LOG.warn("sink of request {} failed", request.id(), e);
        }
        return RefusedGeneration.INSTANCE;
    }

    private void notice(SequenceHandle handle) {
        if (!notices.offer(handle)) {
            throw new IllegalStateException("notices overflow: " + notices.size());
        }
        wake();
    }

    private void wake() {
        if (idle) {
            LockSupport.unpark(stepThread);
        }
    }

    private void run() {
        Optional<EngineFailure> defect = Optional.empty();
        try {
            while (!closing) {
                takeUpNotices();
                runActions();
                StepPlan plan = scheduler.plan();
                announce(plan);
                if (plan.isEmpty()) {
                    awaitNotice();
                } else {
                    step(plan);
                }
            }
        } catch (Throwable e) {
            LOG.error("engine {} stops on a defect", setup.worker(), e);
            defect = Optional.of(EngineFailure.of(FailureKind.INTERNAL, "engine defect: " + e));
        }
        terminate(defect);
    }

    private void takeUpNotices() {
        SequenceHandle handle = notices.poll();
        for (; handle != null; handle = notices.poll()) {
            handle.takeUp();
            Sequence sequence = handle.sequence();
            if (sequence.hasEnded()) {
                continue;
            }
            if (handle.isCancelWanted()) {
                cancel(sequence);
                continue;
            }
            if (sequence.state() == Sequence.State.NEW) {
                live.add(handle);
                scheduler.submit(sequence);
            }
            if (handle.isPauseWanted()) {
                scheduler.pause(sequence);
            } else {
                scheduler.resume(sequence);
            }
        }
    }

    private void runActions() {
        Consumer<BlockPool> action = actions.poll();
        for (; action != null; action = actions.poll()) {
            try {
                action.accept(pool);
            } catch (RuntimeException e) {
                LOG.error("action on the pool of {} failed", setup.worker(), e);
            }
        }
    }

    private void announce(StepPlan plan) {
        for (Sequence sequence : plan.begun()) {
            gate.begin(sequence.promptTokens());
            var start = new GenerationStart(setup.worker(), sequence.cachedTokens());
            if (!sequence.handle().start(start)) {
                sequence.handle().close();
            }
        }
    }

    /// Parks until somebody needs the engine.
    private void awaitNotice() {
        publish(report(0, 0, 0));
        idle = true;
        if (notices.isEmpty() && actions.isEmpty() && !closing) {
            LockSupport.park(this);
        }
        idle = false;
    }

    private void step(StepPlan plan) {
        StepOutput output = scheduler.output();
        output.clear();
        long begin = setup.nanoClock().getAsLong();
        try {
            executor.execute(plan, output);
            output.checkComplete(plan);
        } catch (Throwable e) {
            fail(plan, e);
            return;
        }
        long nanos = setup.nanoClock().getAsLong() - begin;
        scheduler.complete();
        scheduler.observe(nanos);
        deliver(plan, output);
        publish(report(plan.decodeTokens(), plan.prefillTokens(), nanos));
    }

    private void fail(StepPlan plan, Throwable cause) {
        LOG.error("step of {} failed with {} sequences", setup.worker(), plan.size(), cause);
        var failure = EngineFailure.of(FailureKind.INTERNAL, "step failed: " + cause);
        for (int i = 0; i < plan.size(); i++) {
            Sequence sequence = plan.sequence(i);
            scheduler.remove(sequence);
            endLive(sequence.handle(), new Failed(failure));
        }
    }

    private void deliver(StepPlan plan, StepOutput output) {
        for (int i = 0; i < plan.size(); i++) {
            Sequence sequence = plan.sequence(i);
            if (!sequence.samples()) {
                continue;
            }
            SequenceHandle handle = sequence.handle();
            if (handle.isCancelWanted() || !handle.token(output.token(i))) {
                cancel(sequence);
            } else if (sequence.hasEnded()) {
                endLive(handle, handle.finished(sequence.finish().orElseThrow()));
            }
        }
    }

    private void cancel(Sequence sequence) {
        scheduler.remove(sequence);
        endLive(sequence.handle(), sequence.handle().finished(FinishReason.CANCELLED));
    }

    private void endLive(SequenceHandle handle, GenerationEnd end) {
        live.remove(handle);
        end(handle, end);
    }

    /// Ends a generation unless it has ended already.
    private void end(SequenceHandle handle, GenerationEnd end) {
        if (handle.claimEnd()) {
            if (!handle.sequence().hasBegun()) {
                gate.begin(handle.sequence().promptTokens());
            }
            gate.leave();
            handle.deliverEnd(end);
        }
    }

    private void terminate(Optional<EngineFailure> defect) {
        closing = true;
        terminated = true;
        live.forEach(handle -> end(handle, lastWord(defect, handle)));
        live.clear();
        SequenceHandle handle = notices.poll();
        for (; handle != null; handle = notices.poll()) {
            end(handle, lastWord(defect, handle));
        }
        actions.clear();
        executor.close();
    }

    private static GenerationEnd lastWord(Optional<EngineFailure> defect, SequenceHandle handle) {
        return defect.<GenerationEnd>map(Failed::new)
                .orElseGet(() -> handle.finished(FinishReason.CANCELLED));
    }

    private static EngineFailure closed() {
        return EngineFailure.of(FailureKind.UNAVAILABLE, "engine is closed");
    }

    private void publish(StepReport next) {
        report = next;
        setup.listener().onStep(next);
    }

    private StepReport report(int decodeTokens, int prefillTokens, long nanos) {
        return new StepReport(
                decodeTokens,
                prefillTokens,
                nanos,
                scheduler.runningSequences(),
                scheduler.waitingSequences(),
                gate.waitingTokens(),
                pool.usedBlocks(),
                pool.cachedBlocks(),
                pool.totalBlocks(),
                scheduler.preemptions(),
                scheduler.promptTokens(),
                scheduler.cachedTokens());
    }
}
