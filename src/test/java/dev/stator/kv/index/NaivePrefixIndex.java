package dev.stator.kv.index;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a prefix index means: per worker and tier, each name of a block and the path of block
/// hashes to it.
public final class NaivePrefixIndex implements PrefixIndex {
    private final Map<WorkerId, Map<StorageTier, Map<SequenceHash, List<BlockHash>>>> paths =
            new HashMap<>();

    @Override
    public synchronized ApplyResult apply(WorkerId worker, KvCacheEvent event) {
        return switch (event) {
            case Stored stored -> store(worker, stored);
            case Removed(var blocks, var tier) -> {
                Map<SequenceHash, List<BlockHash>> held = held(worker, tier);
                long changed = blocks.stream().filter(it -> held.remove(it) != null).count();
                yield new ApplyResult.Applied((int) changed, blocks.size() - (int) changed);
            }
            case Cleared() -> {
                int changed = tiers(worker).mapToInt(Map::size).sum();
                paths.remove(worker);
                yield new ApplyResult.Applied(changed, 0);
            }
        };
    }

    @Override
    public synchronized void remove(WorkerId worker) {
        paths.remove(worker);
    }

    @Override
    public synchronized Overlaps match(TokenBlocks prompt) {
        var overlaps = new Overlaps.Builder();
        for (WorkerId worker : List.copyOf(paths.keySet())) {
            List<BlockHash> path = new ArrayList<>();
            for (StorageTier tier : StorageTier.values()) {
                int count = further(held(worker, tier), path, prompt);
                if (count > 0) {
                    overlaps.add(worker, tier, count);
                }
            }
        }
        return overlaps.build();
    }

    @Override
    public synchronized Set<SequenceHash> blocks(WorkerId worker) {
        return tiers(worker).flatMap(it -> it.keySet().stream()).collect(Collectors.toSet());
    }

    @Override
    public synchronized List<Stored> dump(WorkerId worker) {
        var dump = new ArrayList<Stored>();
        for (StorageTier tier : StorageTier.values()) {
            held(worker, tier)
                    .forEach(
                            (name, path) -> {
                                if (isReachable(worker, path)) {
                                    dump.add(alone(worker, tier, name, path));
                                }
                            });
        }
        dump.sort(Comparator.comparingInt(it -> depth(worker, it)));
        return dump;
    }

    @Override
    public synchronized IndexSize size() {
        Set<List<BlockHash>> places =
                paths.keySet().stream()
                        .flatMap(this::tiers)
                        .flatMap(held -> held.values().stream())
                        .flatMap(NaivePrefixIndex::prefixes)
                        .collect(Collectors.toSet());
        return new IndexSize(
                (int)
                        paths.keySet().stream()
                                .filter(it -> tiers(it).anyMatch(held -> !held.isEmpty()))
                                .count(),
                places.size(),
                paths.keySet().stream().flatMap(this::tiers).mapToInt(Map::size).sum());
    }

    private ApplyResult store(WorkerId worker, Stored event) {
        Optional<SequenceHash> parent = event.parent();
        Map<SequenceHash, List<BlockHash>> held = held(worker, event.tier());
        List<BlockHash> path =
                parent.isEmpty()
                        ? List.of()
                        : Stream.concat(Stream.of(held), tiers(worker))
                                .filter(it -> it.containsKey(parent.get()))
                                .findFirst()
                                .map(it -> it.get(parent.get()))
                                .orElse(null);
        if (path == null) {
            return new ApplyResult.UnknownParent(parent.orElseThrow());
        }
        int changed = 0;
        for (StoredBlock block : event.blocks()) {
            path = new ArrayList<>(path);
            path.add(block.blockHash());
            changed += path.equals(held.put(block.sequenceHash(), path)) ? 0 : 1;
        }
        return new ApplyResult.Applied(changed, event.blocks().size() - changed);
    }

    private Map<SequenceHash, List<BlockHash>> held(WorkerId worker, StorageTier tier) {
        return paths.computeIfAbsent(worker, _ -> new EnumMap<>(StorageTier.class))
                .computeIfAbsent(tier, _ -> new HashMap<>());
    }

    /// From the device down.
    private Stream<Map<SequenceHash, List<BlockHash>>> tiers(WorkerId worker) {
        return paths.getOrDefault(worker, Map.of()).values().stream();
    }

    /// Lengthens the path by what is held of the prompt and returns by how much.
    private static int further(
            Map<SequenceHash, List<BlockHash>> held, List<BlockHash> path, TokenBlocks prompt) {
        int before = path.size();
        while (path.size() < prompt.count()) {
            path.add(new BlockHash(prompt.blockHash(path.size())));
            if (!held.containsValue(path)) {
                path.removeLast();
                break;
            }
        }
        return path.size() - before;
    }

    private boolean isReachable(WorkerId worker, List<BlockHash> path) {
        return IntStream.range(1, path.size())
                .allMatch(length -> isHeld(worker, path.subList(0, length)));
    }

    private boolean isHeld(WorkerId worker, List<BlockHash> path) {
        return tiers(worker).anyMatch(it -> it.containsValue(path));
    }

    private int depth(WorkerId worker, Stored alone) {
        SequenceHash name = alone.blocks().getFirst().sequenceHash();
        return Objects.requireNonNull(held(worker, alone.tier()).get(name)).size();
    }

    /// A chain of one block below any name of its parent.
    private Stored alone(
            WorkerId worker, StorageTier tier, SequenceHash name, List<BlockHash> path) {
        List<BlockHash> above = path.subList(0, path.size() - 1);
        Optional<SequenceHash> parent =
                tiers(worker)
                        .flatMap(it -> it.entrySet().stream())
                        .filter(it -> it.getValue().equals(above))
                        .map(Map.Entry::getKey)
                        .findFirst();
        return new Stored(parent, List.of(new StoredBlock(name, path.getLast())), tier);
    }

    private static Stream<List<BlockHash>> prefixes(List<BlockHash> path) {
        return IntStream.rangeClosed(1, path.size()).mapToObj(length -> path.subList(0, length));
    }
}
