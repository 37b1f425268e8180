package dev.stator.launch.engines;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;

/// What this machine can afford.
final class Machine {
    private static final int KV_SHARE = 8;

    private Machine() {}

    /// Memory set aside for the KV caches of all workers: an eighth of the physical one.
    static long kvMemoryBytes() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return system.getTotalMemorySize() / KV_SHARE;
    }
}
