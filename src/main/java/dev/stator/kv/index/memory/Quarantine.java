package dev.stator.kv.index.memory;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;

/// Keeps what was given back untouched until nobody can be reading it, or can be told so.
///
/// A reader notes `count` before it begins and asks `isIntact` when it is done. Something retired
/// after the reader began is reused only once `DELAY` more things were retired, so a reader that
/// saw fewer has read nothing that was reused. Changed by one thread at a time; read by any.
public final class Quarantine {
    private static final int DELAY = 256; // a power of two

    private final @Nullable Owner[] owners = new Owner[DELAY];
    private final int[] items = new int[DELAY];
    private int retired;

    /// Whose things they are.
    public interface Owner {
        /// Nobody reads the item any more.
        void recycle(int item);
    }

    /// How much was retired so far; what is read afterwards is not older.
    public int count() {
        int count = retired;
        VarHandle.acquireFence();
        return count;
    }

    /// Whether nothing that was reachable when `count` was read has been reused.
    public boolean isIntact(int count) {
        VarHandle.acquireFence();
        return retired - count <= DELAY;
    }

    /// The item is no longer reachable.
    public void retire(Owner owner, int item) {
        int at = retired & (DELAY - 1);
        Owner before = owners[at];
        int beforeItem = items[at];
        owners[at] = owner;
        items[at] = item;
        advance(1);
        if (before != null) {
            before.recycle(beforeItem);
        }
    }

    /// Recycles everything; readers that are under way begin again.
    public void drain() {
        advance(DELAY + 1);
        for (int i = 0; i < DELAY; i++) {
            Owner owner = owners[i];
            owners[i] = null;
            if (owner != null) {
                owner.recycle(items[i]);
            }
        }
    }

    /// Readers see the new count before they can see anything reused.
    private void advance(int by) {
        VarHandle.releaseFence();
        retired += by;
        VarHandle.releaseFence();
    }
}
