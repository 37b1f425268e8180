package dev.stator.engine.kvevents.payload;

import java.util.Locale;

/// Where an engine keeps blocks.
public enum StorageTier {
    DEVICE,
    HOST_PINNED,
    DISK,
    EXTERNAL,
    /// A medium that this program does not know.
    UNKNOWN;

    /// The tier of an engine's `medium`. Engines that have one tier only leave it out.
    static StorageTier ofMedium(String medium) {
        return switch (medium.toUpperCase(Locale.ROOT)) {
            case "", "GPU", "DEVICE" -> DEVICE;
            case "CPU", "CPU_PINNED", "CPU_TIER1" -> HOST_PINNED;
            case "CPU_TIER2", "DISK", "NVME", "STORAGE" -> DISK;
            case "EXTERNAL", "NETWORK", "REMOTE", "SHARED" -> EXTERNAL;
            default -> UNKNOWN;
        };
    }
}
