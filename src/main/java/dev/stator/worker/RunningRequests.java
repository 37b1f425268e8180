package dev.stator.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts running requests and closes the door behind them. Thread-safe.
final class RunningRequests {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private int count; // guarded by lock
    private boolean draining; // guarded by lock

    /// Whether the request may run; then `leave` follows exactly once.
    boolean enter() {
        lock.lock();
        try {
            if (!draining) {
                count++;
            }
            return !draining;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            count--;
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets nobody in any more and waits for the rest; returns how many are still running.
    int drain(Duration limit) {
        lock.lock();
        try {
            draining = true;
            long nanos = limit.toNanos();
            while (count > 0 && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return count;
    }
}
