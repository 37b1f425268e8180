package dev.stator.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.Requests;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.Scheduler;
import dev.stator.engine.batching.Sequence;
import dev.stator.engine.batching.StepPlan;
import dev.stator.kv.pool.BlockPool;
import dev.stator.kv.pool.BlockTable;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class SimulatedExecutorTest {
    private static final SimulatedConfig CONFIG =
            new SimulatedConfig(
                    "sim-0",
                    "simulated",
                    1000,
                    100,
                    16,
                    new TimingModel(2, 10),
                    new TokenRange(0, 1000),
                    BatchingConfig.DEFAULT);

    private final List<Long> pauses = new ArrayList<>();
    private final SimulatedExecutor executor = new SimulatedExecutor(CONFIG, pauses::add);
    private final BlockPool pool = new BlockPool(100, 16, _ -> {});
    private final Scheduler scheduler = new Scheduler(CONFIG.batching(), pool, 1000);

    @Test
    void aStepTakesTheTimeOfItsPrefillAndOfItsDecoding() {
        submit(100, 1);
        step();
        step();
        submit(200, 2);
        step();

        assertThat(pauses).hasSize(3);
        assertThat(pauses.get(0)).isEqualTo(nanos(TimingModel.prefillMillis(100) / 2));
        assertThat(pauses.get(1)).isEqualTo(nanos(TimingModel.decodeMillis(101 / 1600.0) / 10));
        double both =
                TimingModel.prefillMillis(200) / 2 + TimingModel.decodeMillis(302 / 1600.0) / 10;
        assertThat(pauses.get(2)).isEqualTo(nanos(both));
    }

    @Test
    void anotherRequestInTheSameSlotStartsAnew() {
        Sequence first = submit(20, 1);
        step();
        scheduler.remove(first);
        Sequence second = submit(20, 2);
        step();

        assertThat(second.tokens()[20])
                .isEqualTo(
                        SelfVerifyingTokens.token(
                                second.request().prompt(), 0, 0, CONFIG.tokens()));
    }

    private Sequence submit(int promptTokens, int variant) {
        GenerationRequest request =
                Requests.request("r", Requests.prompt(promptTokens, variant), 10, 0);
        var hasher = new BlockHasher(16, CacheNamespace.SHARED);
        var sequence =
                new Sequence(
                        request, BlockTable.of(hasher, CacheNamespace.SHARED, request.prompt()));
        scheduler.submit(sequence);
        return sequence;
    }

    private void step() {
        StepPlan plan = scheduler.plan();
        executor.execute(plan, scheduler.output());
        scheduler.complete();
    }

    private static long nanos(double millis) {
        return Math.round(millis * 1e6);
    }
}
