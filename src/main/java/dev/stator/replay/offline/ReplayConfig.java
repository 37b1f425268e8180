package dev.stator.replay.offline;

import dev.stator.replay.offline.worker.BatchLimits;
import dev.stator.replay.offline.worker.PrefillTime;

import java.time.Duration;

/// The load and the workers, the same for every policy.
///
/// @param capacityBlocks of each worker, in the trace's blocks; `Integer.MAX_VALUE` for no bound
/// @param speed how much faster than recorded requests arrive
/// @param sessions whether a turn waits for the answer before it and the client's think time,
///     rather than for the recorded time
/// @param ttftPromise what a request must keep to count as goodput
/// @param balanceSlackBlocks of the reference rule `balanced_prefix`
public record ReplayConfig(
        TimeModel time,
        int workers,
        int capacityBlocks,
        double speed,
        Sessions sessions,
        EventDelivery events,
        Duration ttftPromise,
        long balanceSlackBlocks) {

    /// 8 workers of the default capacity.
    public static final ReplayConfig DEFAULT =
            new ReplayConfig(
                    new TimeModel.PrefillQueue(new PrefillTime(1.25e15)),
                    8,
                    5859,
                    1,
                    Sessions.OPEN,
                    EventDelivery.PERFECT,
                    Duration.ofSeconds(5),
                    200);

    public ReplayConfig {
        require(workers > 0, "workers", workers);
        require(capacityBlocks > 0, "capacity-tokens", capacityBlocks);
        require(speed > 0 && Double.isFinite(speed), "speed", speed);
        require(ttftPromise.isPositive(), "ttft-promise", ttftPromise);
    }

    private static void require(boolean holds, String key, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be positive: " + value);
        }
    }

    public ReplayConfig with(TimeModel newTime) {
        return new ReplayConfig(
                newTime,
                workers,
                capacityBlocks,
                speed,
                sessions,
                events,
                ttftPromise,
                balanceSlackBlocks);
    }

    public ReplayConfig withWorkers(int newWorkers, int newCapacityBlocks) {
        return new ReplayConfig(
                time,
                newWorkers,
                newCapacityBlocks,
                speed,
                sessions,
                events,
                ttftPromise,
                balanceSlackBlocks);
    }

    public ReplayConfig with(EventDelivery newEvents) {
        return new ReplayConfig(
                time,
                workers,
                capacityBlocks,
                speed,
                sessions,
                newEvents,
                ttftPromise,
                balanceSlackBlocks);
    }

    public ReplayConfig with(Sessions newSessions) {
        return new ReplayConfig(
                time,
                workers,
                capacityBlocks,
                speed,
                newSessions,
                events,
                ttftPromise,
                balanceSlackBlocks);
    }

    public ReplayConfig withSpeed(double newSpeed) {
        return new ReplayConfig(
                time,
                workers,
                capacityBlocks,
                newSpeed,
                sessions,
                events,
                ttftPromise,
                balanceSlackBlocks);
    }

    public ReplayConfig withBalanceSlack(long blocks) {
        return new ReplayConfig(
                time, workers, capacityBlocks, speed, sessions, events, ttftPromise, blocks);
    }

    /// How long workers compute.
    public sealed interface TimeModel {

        /// No time: each request is done before the next one comes.
        record None() implements TimeModel {}

        /// One prompt after the other, no decode.
        record PrefillQueue(PrefillTime time) implements TimeModel {}

        /// Continuous batching with decode.
        record Batching(BatchLimits limits) implements TimeModel {}
    }

    /// When a turn of a session begins.
    public enum Sessions {
        OPEN,
        CLOSED
    }
}
