package dev.stator.engine.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelSelectorTest {

    @Test
    void servesAtOnceWithTheScalarKernels() {
        try (KernelSelector selector = KernelSelector.start()) {
            assertThat(selector.current().panels(WeightFormat.BF16)).isNotNull();
        }
    }

    @Test
    void triesNoMoreWhenClosed() throws InterruptedException {
        KernelSelector selector = KernelSelector.start();
        selector.close();
        selector.awaitSettled();

        assertThat(selector.current()).isNotNull();
    }
}
