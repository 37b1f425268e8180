package dev.stator.routing.explain;

import dev.stator.tokens.LongMap;

import java.util.Arrays;

/// How many blocks a cache of a given size would have missed, told from a sample of the blocks. Not
/// thread-safe.
///
/// The method is SHARDS (Waldspurger and others, FAST 2015): a block belongs to the sample when its
/// mixed hash lies under a threshold, so that it is sampled always or never, and the sample behaves
/// like a small cache of the same kind. The rate starts at one, which is exact, and is halved
/// whenever the sample grows too large; each miss in the sample then stands for `1 / rate` misses.
/// Misses are counted rather than hits because each distinct block is missed about once, while one
/// popular block, sampled or not, would sway a count of hits.
///
/// A prompt is looked up whole before any block of it is touched, and touched from its end, so that
/// a block is never forgotten before those that follow it: what is held of a prompt is a prefix.
final class SampledLru {

    /// Halvings of the rate, at most.
    static final int SHIFT_MAX = 8;

    private final int samplesMax;
    private final LongMap<Node> nodes = new LongMap<>();
    private final Node end = new Node(0); // its next is the oldest, its previous the newest
    private int shift; // the rate is 2^-shift

    private static final class Node {
        private final long hash;
        private Node next = this;
        private Node previous = this;

        Node(long hash) {
            this.hash = hash;
        }

        void unlink() {
            previous.next = next;
            next.previous = previous;
        }

        void linkBefore(Node after) {
            previous = after.previous;
            next = after;
            previous.next = this;
            after.previous = this;
        }
    }

    SampledLru(int samplesMax) {
        this.samplesMax = samplesMax;
    }

    /// Blocks of the largest cache that can be told of.
    long capacityMaxBlocks() {
        return (long) samplesMax << SHIFT_MAX;
    }

    /// The part of the blocks that is sampled.
    double rate() {
        return 1.0 / (1L << shift);
    }

    int samples() {
        return nodes.size();
    }

    /// Blocks of these that a cache would miss, as an estimate whose sums are right.
    long misses(long[] sequenceHashes) {
        long misses = 0;
        for (long hash : sequenceHashes) {
            if (isSampled(hash) && nodes.get(hash) == null) {
                misses++;
            }
        }
        return misses << shift;
    }

    /// Uses these blocks, first block first, in a cache of the given size.
    void touch(long[] sequenceHashes, long capacityBlocks) {
        for (int i = sequenceHashes.length - 1; i >= 0; i--) {
            if (isSampled(sequenceHashes[i])) {
                touch(sequenceHashes[i]);
            }
        }
        while (nodes.size() > samplesMax && shift < SHIFT_MAX) {
            halve();
        }
        long capacity = Math.min(samplesMax, Math.max(1, capacityBlocks >> shift));
        while (nodes.size() > capacity) {
            drop(end.next);
        }
    }

    private void touch(long hash) {
        Node node = nodes.get(hash);
        if (node == null) {
            node = new Node(hash);
            nodes.put(hash, node);
        } else {
            node.unlink();
        }
        node.linkBefore(end);
    }

    private void halve() {
        shift++;
        Node next = end.next;
        while (next != end) {
            Node node = next;
            next = node.next;
            if (!isSampled(node.hash)) {
                drop(node);
            }
        }
    }

    private void drop(Node node) {
        node.unlink();
        nodes.remove(node.hash);
    }

    private boolean isSampled(long hash) {
        return shift == 0 || mixed(hash) >>> (Long.SIZE - shift) == 0;
    }

    /// The finalizer of MurmurHash3: hashes need not be good ones.
    private static long mixed(long hash) {
        long h = hash;
        h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
        h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return h ^ (h >>> 33);
    }

    /// The sampled blocks, the oldest first.
    long[] sampled() {
        var hashes = new long[nodes.size()];
        int count = 0;
        for (Node node = end.next; node != end; node = node.next) {
            hashes[count++] = node.hash;
        }
        return Arrays.copyOf(hashes, count);
    }

    /// Throws `IllegalStateException` on a contradiction.
    void checkInvariants() {
        long[] hashes = sampled();
        boolean known =
                Arrays.stream(hashes).allMatch(it -> isSampled(it) && nodes.get(it) != null);
        if (!known || hashes.length != nodes.size()) {
            throw new IllegalStateException(
                    "%d linked, %d known".formatted(hashes.length, nodes.size()));
        }
    }
}
