package dev.stator.kv.index.packed;

import dev.stator.kv.index.memory.IntSet;
import dev.stator.kv.index.packed.Holders.Holder;

import java.util.Arrays;

/// Keeps an index within its bytes: what was used least recently leaves first, the ends of chains
/// before what is above them, whoever holds them. Changed by one thread at a time, but for `note`.
///
/// Matches count as use from half of the limit on; below it, noting them would cost lookups and
/// changes for nothing.
final class Forgetting {
    private static final int RECENT_MAX = 1_024; // a power of two
    private static final int CHAINS_PER_LOOK = 64;
    private static final int SHARE_FREED = 16;

    private final long bytesMax;
    private final long[] recent = new long[RECENT_MAX];
    private int noted; // by readers without order: a lost note is a match that goes unnoticed
    private int seen;
    private boolean isNear; // to the limit; read without order
    private long holderBytes;
    private long forgotten;

    Forgetting(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// A prompt was matched down to this block.
    void note(long sequenceHash) {
        if (isNear) {
            int at = noted;
            recent[at & (RECENT_MAX - 1)] = sequenceHash;
            noted = at + 1;
        }
    }

    /// What the holder holds has changed.
    void account(Holder holder) {
        holderBytes += holder.countGrowth();
    }

    /// The holder is gone.
    void discount(Holder holder) {
        holderBytes -= holder.countedBytes();
    }

    long bytes(ChainTree tree) {
        return tree.bytes() + holderBytes;
    }

    /// Blocks, counted by holder, that had to leave.
    long forgotten() {
        return forgotten;
    }

    /// Forgets if there is too much; returns by how many names there are fewer.
    long settle(ChainTree tree, Holders holders) {
        useRecent(tree);
        long taken = bytes(tree);
        isNear = taken > bytesMax / 2;
        if (taken <= bytesMax) {
            return 0;
        }
        long names = names(holders);
        long wanted = bytesMax - bytesMax / SHARE_FREED;
        long before;
        do {
            before = forgotten;
            forget(tree, holders, wanted);
            sweep(tree, holders);
        } while (bytes(tree) > wanted && forgotten > before);
        return names - names(holders);
    }

    private static long names(Holders holders) {
        return holders.all().stream().mapToLong(it -> it.held).sum();
    }

    private void useRecent(ChainTree tree) {
        int last = noted;
        int first = Math.max(seen, last - RECENT_MAX);
        for (int i = first; i < last; i++) {
            tree.use(recent[i & (RECENT_MAX - 1)]);
        }
        seen = last;
    }

    /// Goes once through all chains that have holders, least recently used first.
    private void forget(ChainTree tree, Holders holders, long wanted) {
        var candidates = new IntSet();
        holders.all().forEach(it -> candidates.addAll(it.chains));
        long[] order = new long[candidates.size()];
        int count = 0;
        for (int chain : candidates.toArray()) {
            order[count++] = ((long) tree.chains.lastUse(chain) << 32) | chain;
        }
        Arrays.sort(order);
        tree.follow(candidates);
        for (int i = 0; i < count; i++) {
            int chain = (int) order[i];
            if (candidates.contains(chain)) {
                candidates.remove(chain);
                forgotten += tree.forget(chain);
            }
            if (i % CHAINS_PER_LOOK == 0) {
                tree.quarantine.drain();
                if (bytes(tree) <= wanted) {
                    break;
                }
            }
        }
        tree.follow(new IntSet());
    }

    /// Drops the names of what was forgotten.
    private void sweep(ChainTree tree, Holders holders) {
        for (Holder holder : holders.all()) {
            if (!holder.names.isCanonical()) {
                holder.names.retain(it -> tree.holds(holder, it));
                holder.held = holder.names.size();
            }
            account(holder);
        }
    }
}
