package dev.stator.platform.http;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes of request bodies held at one time by the whole server.
final class BodyBudget {
    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Whether there was room for `bytes` more, which are then held.
    boolean reserve(long bytes) {
        if (held.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
