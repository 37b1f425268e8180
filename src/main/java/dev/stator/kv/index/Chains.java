package dev.stator.kv.index;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.LongMap;
import dev.stator.tokens.SequenceHash;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Cuts what one worker holds into chains of blocks, each below a block of an earlier chain.
final class Chains {

    /// Applying one chain holds the lock of an index for a few microseconds.
    private static final int CHAIN_BLOCKS_MAX = 256;

    private final Map<Place, List<Name>> names = new HashMap<>();
    private final List<Stored> chains = new ArrayList<>();
    private final Deque<Start> starts = new ArrayDeque<>();

    private Chains() {}

    /// @param held the places of the worker by their names, for each tier
    static List<Stored> of(Place root, Map<StorageTier, LongMap<Place>> held) {
        var chains = new Chains();
        held.forEach(
                (tier, places) ->
                        places.forEach(
                                (name, place) ->
                                        chains.names
                                                .computeIfAbsent(place, _ -> new ArrayList<>(1))
                                                .add(new Name(new SequenceHash(name), tier))));
        chains.branch(root, Optional.empty());
        while (!chains.starts.isEmpty()) {
            chains.follow(chains.starts.pop());
        }
        return chains.chains;
    }

    /// Notes the held children of a place as starts of chains.
    private void branch(Place place, Optional<SequenceHash> name) {
        place.forEachChild(
                child -> {
                    if (names.containsKey(child)) {
                        starts.push(new Start(name, child));
                    }
                });
    }

    /// Writes the chain that begins at a start, down to where it ends, branches, changes its tier
    /// or grows too long.
    private void follow(Start start) {
        var blocks = new ArrayList<StoredBlock>();
        var others = new ArrayList<Stored>();
        StorageTier tier = first(start.place).tier;
        Optional<SequenceHash> parent = start.parent;
        Place place = start.place;
        int before = starts.size();
        while (true) {
            List<Name> given = names.getOrDefault(place, List.of());
            for (Name other : given.subList(1, given.size())) {
                others.add(new Stored(parent, List.of(block(other, place)), other.tier));
            }
            blocks.add(block(given.getFirst(), place));
            parent = Optional.of(given.getFirst().hash);
            branch(place, parent);
            if (starts.size() != before + 1
                    || first(starts.getFirst().place).tier != tier
                    || blocks.size() == CHAIN_BLOCKS_MAX) {
                break;
            }
            place = starts.pop().place;
        }
        chains.add(new Stored(start.parent, blocks, tier));
        chains.addAll(others);
    }

    private Name first(Place place) {
        return names.getOrDefault(place, List.of()).getFirst();
    }

    private static StoredBlock block(Name name, Place place) {
        return new StoredBlock(name.hash, new BlockHash(place.blockHash));
    }

    private record Start(Optional<SequenceHash> parent, Place place) {}

    private record Name(SequenceHash hash, StorageTier tier) {}
}
