package dev.stator.engine.simulated;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineContract;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.StepListener;

import java.time.Duration;

class SimulatedEngineContractTest extends EngineContract {

    @Override
    protected Engine open(int maxSequences, int waitingMax) {
        var batching =
                new BatchingConfig(
                        maxSequences,
                        256,
                        64,
                        16,
                        Duration.ofMillis(50),
                        waitingMax,
                        1_000_000,
                        Duration.ofSeconds(2),
                        0.01);
        var config =
                new SimulatedConfig(
                        "sim-0",
                        "simulated",
                        512,
                        128,
                        16,
                        TimingModel.INSTANT,
                        new TokenRange(0, 1000),
                        batching);
        return SimulatedEngine.open(config, _ -> {}, StepListener.NONE);
    }
}
