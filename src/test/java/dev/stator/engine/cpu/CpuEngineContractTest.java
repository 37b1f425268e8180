package dev.stator.engine.cpu;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineContract;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.StepListener;
import dev.stator.engine.cpu.forward.KvFormat;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.packed.PackedModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuEngineContractTest extends EngineContract {
    private final PackedModel model = TinyModel.load(WeightFormat.BF16);

    @AfterAll
    void closeModel() {
        model.close();
    }

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
                new CpuEngineConfig(
                        "cpu-0", "tiny", TinyModel.VOCABULARY, 128, 16, KvFormat.BF16, 1, batching);
        return CpuEngine.open(config, model, () -> Kernels.SCALAR, _ -> {}, StepListener.NONE);
    }
}
