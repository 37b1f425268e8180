package dev.stator.engine.remote;

import dev.stator.engine.Engine;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.StepListener;
import dev.stator.engine.simulated.SimulatedConfig;
import dev.stator.engine.simulated.SimulatedEngine;
import dev.stator.engine.simulated.TimingModel;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.platform.http.client.HttpAddress;
import dev.stator.platform.http.client.HttpClientLimits;
import dev.stator.testing.ByteTokenizer;
import dev.stator.testing.ScriptedServer;

import java.time.Duration;
import java.util.Optional;

/// Engines and limits for tests of remote engines.
final class Remotes {
    static final Duration LONG = Duration.ofSeconds(30);
    static final TokenRange RANGE = new TokenRange(0, 1_000);
    static final int BLOCK_SIZE = 16;

    private Remotes() {}

    /// An engine with self-verifying tokens, a context of 512 and a cache of 128 blocks of 16.
    static Engine simulated(int maxSequences) {
        var batching =
                new BatchingConfig(
                        maxSequences,
                        256,
                        64,
                        16,
                        Duration.ofMillis(50),
                        2_000,
                        1_000_000,
                        Duration.ofSeconds(30),
                        0.01);
        var config =
                new SimulatedConfig(
                        "inner",
                        "simulated",
                        512,
                        128,
                        BLOCK_SIZE,
                        TimingModel.INSTANT,
                        RANGE,
                        batching);
        return SimulatedEngine.open(config, _ -> {}, StepListener.NONE);
    }

    /// Generous times, one event loop, and no health check but the first.
    static RemoteLimits limits(int requestsMax) {
        return limits(requestsMax, LONG, LONG);
    }

    /// @param silence at every stage of an answer
    static RemoteLimits limits(int requestsMax, Duration silence, Duration checkInterval) {
        return new RemoteLimits(
                requestsMax,
                Duration.ofMillis(50),
                LONG,
                silence,
                silence,
                silence,
                checkInterval,
                checkInterval,
                LONG,
                2,
                1,
                HttpClientLimits.DEFAULT);
    }

    static RemoteConfig config(ScriptedServer server, RemoteLimits limits) {
        return new RemoteConfig(
                "remote-0",
                HttpAddress.parse(server.url()),
                Optional.empty(),
                Optional.empty(),
                new ByteTokenizer(),
                1,
                RemoteConfig.Known.NOTHING,
                limits);
    }
}
