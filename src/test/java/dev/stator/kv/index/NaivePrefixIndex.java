package dev.stator.kv.index;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a prefix index means: per worker, each name of a block and the path of block hashes to it.
final class NaivePrefixIndex implements PrefixIndex {
    private final Map<WorkerId, Map<SequenceHash, List<BlockHash>>> paths = new HashMap<>();

    @Override
    public synchronized ApplyResult apply(WorkerId worker, KvCacheEvent event) {
        Map<SequenceHash, List<BlockHash>> held =
                paths.computeIfAbsent(worker, _ -> new HashMap<>());
        return switch (event) {
            case Stored(var parent, var blocks) -> store(held, parent, blocks);
            case Removed(var blocks) -> {
                long changed = blocks.stream().filter(it -> held.remove(it) != null).count();
                yield new ApplyResult.Applied((int) changed, blocks.size() - (int) changed);
            }
            case Cleared() -> {
                int changed = held.size();
                held.clear();
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
        var overlaps = new Overlaps(paths.size());
        paths.forEach(
                (worker, held) -> {
                    List<BlockHash> path = new ArrayList<>();
                    for (int i = 0; i < prompt.count(); i++) {
                        path.add(new BlockHash(prompt.blockHash(i)));
                        if (!held.containsValue(path)) {
                            path.removeLast();
                            break;
                        }
                    }
                    if (!path.isEmpty()) {
                        overlaps.add(worker, path.size());
                    }
                });
        return overlaps;
    }

    @Override
    public synchronized Set<SequenceHash> blocks(WorkerId worker) {
        return Set.copyOf(paths.getOrDefault(worker, Map.of()).keySet());
    }

    @Override
    public synchronized List<Stored> dump(WorkerId worker) {
        Map<SequenceHash, List<BlockHash>> held = paths.getOrDefault(worker, Map.of());
        return held.entrySet().stream()
                .sorted(Comparator.comparingInt(it -> it.getValue().size()))
                .filter(it -> isReachable(held, it.getValue()))
                .map(it -> alone(held, it.getKey(), it.getValue()))
                .toList();
    }

    @Override
    public synchronized IndexSize size() {
        Set<List<BlockHash>> places =
                paths.values().stream()
                        .flatMap(held -> held.values().stream())
                        .flatMap(NaivePrefixIndex::prefixes)
                        .collect(Collectors.toSet());
        return new IndexSize(
                (int) paths.values().stream().filter(held -> !held.isEmpty()).count(),
                places.size(),
                paths.values().stream().mapToInt(Map::size).sum());
    }

    private static ApplyResult store(
            Map<SequenceHash, List<BlockHash>> held,
            Optional<SequenceHash> parent,
            List<StoredBlock> blocks) {
        List<BlockHash> path = parent.map(held::get).orElse(List.of());
        if (parent.isPresent() && !held.containsKey(parent.get())) {
            return new ApplyResult.UnknownParent(parent.get());
        }
        int changed = 0;
        for (StoredBlock block : blocks) {
            path = new ArrayList<>(path);
            path.add(block.blockHash());
            changed += path.equals(held.put(block.sequenceHash(), path)) ? 0 : 1;
        }
        return new ApplyResult.Applied(changed, blocks.size() - changed);
    }

    private static boolean isReachable(
            Map<SequenceHash, List<BlockHash>> held, List<BlockHash> path) {
        return IntStream.range(1, path.size())
                .allMatch(length -> held.containsValue(path.subList(0, length)));
    }

    /// A chain of one block below any name of its parent.
    private static Stored alone(
            Map<SequenceHash, List<BlockHash>> held, SequenceHash name, List<BlockHash> path) {
        List<BlockHash> above = path.subList(0, path.size() - 1);
        Optional<SequenceHash> parent =
                held.entrySet().stream()
                        .filter(it -> it.getValue().equals(above))
                        .map(Map.Entry::getKey)
                        .findFirst();
        return new Stored(parent, List.of(new StoredBlock(name, path.getLast())));
    }

    private static Stream<List<BlockHash>> prefixes(List<BlockHash> path) {
        return IntStream.rangeClosed(1, path.size()).mapToObj(length -> path.subList(0, length));
    }
}
