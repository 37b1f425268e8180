package dev.stator.frontend;

import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.batching.StepListener;
import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.engine.simulated.SimulatedConfig;
import dev.stator.engine.simulated.SimulatedEngine;
import dev.stator.engine.simulated.TimingModel;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.testing.ByteTokenizer;

import java.time.Duration;

/// Simulated engines whose tokens are the letters a to z of `ByteTokenizer`, and what they say.
final class SimulatedEngines {
    private static final TokenRange LETTERS = new TokenRange('a', 26);
    private static final int BLOCK_TOKENS = 16;

    private SimulatedEngines() {}

    /// An engine that runs so many sequences of at most 2,048 tokens at a time.
    static BatchingEngine open(int sequences, TimingModel timing) {
        var batching =
                new BatchingConfig(
                        sequences,
                        sequences + 8_192,
                        8_192,
                        64,
                        Duration.ofMillis(250),
                        sequences,
                        16_000_000,
                        Duration.ofSeconds(1),
                        0);
        var config =
                new SimulatedConfig(
                        "simulated-1",
                        TestFrontend.MODEL,
                        2_048,
                        sequences * (2_048 / BLOCK_TOKENS),
                        BLOCK_TOKENS,
                        timing,
                        LETTERS,
                        batching);
        return SimulatedEngine.open(config, _ -> {}, StepListener.NONE);
    }

    /// What such an engine answers to a user's message.
    static String answer(String message, long seed, int tokens) {
        var next =
                new SelfVerifyingTokens(
                        new ByteTokenizer().encode(message + "\n", false), seed, LETTERS);
        var text = new StringBuilder();
        for (int i = 0; i < tokens; i++) {
            text.append((char) next.next());
        }
        return text.toString();
    }
}
