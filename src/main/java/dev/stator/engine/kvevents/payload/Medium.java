package dev.stator.engine.kvevents.payload;

import dev.stator.kv.cache.StorageTier;

import java.util.Locale;
import java.util.Optional;

/// What engines call the tiers.
final class Medium {
    private Medium() {}

    /// The tier of an engine's `medium`. Engines that have one tier only leave it out; shared
    /// stores, and media that this program does not know, are no tier of the engine.
    static Optional<StorageTier> tier(String medium) {
        return switch (medium.toUpperCase(Locale.ROOT)) {
            case "", "GPU", "DEVICE" -> Optional.of(StorageTier.DEVICE);
            case "CPU", "CPU_PINNED", "CPU_TIER1" -> Optional.of(StorageTier.HOST);
            case "CPU_TIER2", "DISK", "NVME", "STORAGE" -> Optional.of(StorageTier.DISK);
            default -> Optional.empty();
        };
    }

    static String of(StorageTier tier) {
        return switch (tier) {
            case DEVICE -> "GPU";
            case HOST -> "CPU";
            case DISK -> "DISK";
        };
    }
}
