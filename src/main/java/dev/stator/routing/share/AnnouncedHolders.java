package dev.stator.routing.share;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.PrefixMatcher;
import dev.stator.kv.index.learned.ApproximatePrefixIndex;
import dev.stator.kv.index.learned.Retention;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.tokens.TokenBlocks;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Adds to what a router knows the holders that other routers are making, until their events tell
/// it: so all of them send a hot prefix to the same second holder. Thread-safe.
public final class AnnouncedHolders implements PrefixMatcher {

    /// How long an announcement counts.
    public static final Duration TTL = Duration.ofSeconds(10);

    private final PrefixMatcher known;
    private final ApproximatePrefixIndex announced;

    /// @param nanos a monotonic clock
    public AnnouncedHolders(PrefixMatcher known, LongSupplier nanos) {
        this.known = known;
        this.announced =
                new ApproximatePrefixIndex(
                        new PackedPrefixIndex(), new Retention.TimeToLive(TTL), nanos);
    }

    /// A router sends requests with the prefix to the worker from now on.
    public void announced(WorkerId worker, TokenBlocks prefix) {
        announced.routed(worker, prefix);
    }

    @Override
    public Overlaps match(TokenBlocks prompt) {
        Overlaps soon = announced.match(prompt);
        Overlaps now = known.match(prompt);
        return soon.workers() == 0 ? now : now.max(soon);
    }

    @Override
    public void routed(WorkerId worker, TokenBlocks prompt) {
        known.routed(worker, prompt);
    }

    @Override
    public void remove(WorkerId worker) {
        known.remove(worker);
        announced.remove(worker);
    }
}
