package dev.stator.kv.index.packed;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.index.memory.IntSet;
import dev.stator.kv.index.packed.Holders.Holder;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes what one worker holds as events, each below a block of an earlier one. A block whose
/// parent the worker does not hold is left out, and so is all below it.
final class ChainDump {

    /// Applying one event holds the lock of an index for a few microseconds.
    private static final int EVENT_BLOCKS_MAX = 256;

    private final ChainTree tree;
    private final Collection<Holder> tiers;
    private final Map<Holder, Map<Long, List<Long>>> names = new HashMap<>(); // by sequence hash
    private final Map<Holder, Set<Long>> written = new HashMap<>(); // sequence hashes
    private final List<Stored> events = new ArrayList<>();

    /// @param tiers of one worker, from the device down
    private ChainDump(ChainTree tree, Collection<Holder> tiers) {
        this.tree = tree;
        this.tiers = tiers;
    }

    static List<Stored> of(ChainTree tree, Collection<Holder> tiers) {
        return new ChainDump(tree, tiers).write();
    }

    private List<Stored> write() {
        var chains = new IntSet();
        for (Holder tier : tiers) {
            chains.addAll(tier.chains);
            written.put(tier, new HashSet<>());
            var byHash = new HashMap<Long, List<Long>>();
            tier.names.forEach(
                    (name, hash) -> byHash.computeIfAbsent(hash, _ -> new ArrayList<>()).add(name));
            names.put(tier, byHash);
        }
        Arrays.stream(chains.toArray())
                .boxed()
                .sorted(Comparator.comparingInt(tree.chains::depth))
                .flatMap(chain -> spans(chain).stream())
                .forEach(this::write);
        return events;
    }

    /// What the tiers hold of a chain without a gap, by where it begins, so that whatever holds the
    /// parent of a span's first block comes before the span.
    private List<Span> spans(int chain) {
        var spans = new ArrayList<Span>();
        for (Holder tier : tiers) {
            int start = 0;
            for (int offset = 0; offset < tree.chains.length(chain); offset++) {
                boolean isHeld = tree.runs.holds(chain, offset, tier.slot);
                boolean isFull = offset - start == EVENT_BLOCKS_MAX;
                if (start < offset && (!isHeld || isFull)) {
                    spans.add(new Span(tier, chain, start, offset));
                    start = offset;
                }
                start = isHeld ? start : offset + 1;
            }
            if (start < tree.chains.length(chain)) {
                spans.add(new Span(tier, chain, start, tree.chains.length(chain)));
            }
        }
        spans.sort(Comparator.comparingInt(Span::start));
        return spans;
    }

    private void write(Span span) {
        Optional<SequenceHash> parent = Optional.empty();
        if (tree.chains.depth(span.chain) + span.start > 0) {
            parent = parent(span);
            if (parent.isEmpty()) {
                return;
            }
        }
        var blocks = new ArrayList<StoredBlock>();
        var aliases = new ArrayList<Stored>();
        Optional<SequenceHash> above = parent;
        for (int offset = span.start; offset < span.end; offset++) {
            long hash = tree.chains.sequenceHash(span.chain, offset);
            var blockHash = new BlockHash(tree.chains.blockHash(span.chain, offset));
            List<Long> given = names(span.tier, hash);
            for (long alias : given.subList(1, given.size())) {
                var block = new StoredBlock(new SequenceHash(alias), blockHash);
                aliases.add(new Stored(above, List.of(block), span.tier.tier));
            }
            var name = new SequenceHash(given.getFirst());
            blocks.add(new StoredBlock(name, blockHash));
            written(span.tier).add(hash);
            above = Optional.of(name);
        }
        events.add(new Stored(parent, blocks, span.tier.tier));
        events.addAll(aliases);
    }

    /// The name of the block above, in the same tier if it was written there.
    private Optional<SequenceHash> parent(Span span) {
        int chain = span.start > 0 ? span.chain : tree.chains.parent(span.chain);
        int offset = span.start > 0 ? span.start - 1 : tree.chains.parentOffset(span.chain);
        long hash = tree.chains.sequenceHash(chain, offset);
        if (written(span.tier).contains(hash)) {
            return Optional.of(new SequenceHash(names(span.tier, hash).getFirst()));
        }
        return tiers.stream()
                .filter(it -> written(it).contains(hash))
                .findFirst()
                .map(it -> new SequenceHash(names(it, hash).getFirst()));
    }

    private Set<Long> written(Holder tier) {
        return written.getOrDefault(tier, Set.of());
    }

    private List<Long> names(Holder tier, long hash) {
        return tier.names.isCanonical()
                ? List.of(hash)
                : names.getOrDefault(tier, Map.of()).getOrDefault(hash, List.of(hash));
    }

    /// Blocks of a chain that a tier holds.
    private record Span(Holder tier, int chain, int start, int end) {}
}
