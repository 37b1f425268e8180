package dev.stator.engine.kvevents;

import dev.stator.engine.kvevents.payload.EngineEvent;
import dev.stator.engine.kvevents.payload.EngineEvent.AllBlocksCleared;
import dev.stator.engine.kvevents.payload.EngineEvent.BlockRemoved;
import dev.stator.engine.kvevents.payload.EngineEvent.BlockStored;
import dev.stator.engine.kvevents.payload.EngineEvent.Unsupported;
import dev.stator.engine.kvevents.payload.EventScope;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/// Turns what an engine says into changes of a cache as we know it: block hashes are computed from
/// the tokens, the engine's own hashes stay as opaque names. What is not about a reusable prefix in
/// a tier of this engine is counted and left out. Not thread-safe.
final class EngineEventNormalizer {
    private static final Logger LOG = LoggerFactory.getLogger(EngineEventNormalizer.class);
    private static final int WARNINGS_MAX = 3;

    private final int blockSizeTokens;
    private final ListenerCounters counters;
    private final BlockHasher sharedHasher;
    private final AttentionFilter attention = new AttentionFilter();
    private final SaltMemory salts = new SaltMemory();
    private int warnings;

    EngineEventNormalizer(int blockSizeTokens, ListenerCounters counters) {
        this.blockSizeTokens = blockSizeTokens;
        this.counters = counters;
        this.sharedHasher = new BlockHasher(blockSizeTokens, CacheNamespace.SHARED);
    }

    /// The change that `event` of data-parallel rank `rank` is, if it is one for us.
    Optional<KvCacheEvent> normalize(int rank, EngineEvent event) {
        return switch (event) {
            case BlockStored stored -> {
                attention.learn(rank, stored.scope());
                yield isOurs(rank, stored.scope()) ? stored(stored) : Optional.empty();
            }
            case BlockRemoved(var blocks, var scope) -> {
                if (!isOurs(rank, scope)) {
                    yield Optional.empty();
                }
                salts.remove(blocks);
                yield Optional.of(new Removed(blocks, scope.tier().orElseThrow()));
            }
            case AllBlocksCleared() -> {
                forget();
                yield Optional.of(new Cleared());
            }
            case Unsupported(var tag) -> {
                LOG.debug("an engine sends events of type {}", tag);
                counters.unsupported.increment();
                yield Optional.empty();
            }
        };
    }

    /// The cache is empty, or nobody knows what it holds.
    void forget() {
        salts.clear();
    }

    private boolean isOurs(int rank, EventScope scope) {
        if (!attention.keepsPrefixes(rank, scope)) {
            counters.otherAttention.increment();
            return false;
        }
        if (!scope.isLocal()) {
            counters.notLocal.increment();
            return false;
        }
        if (scope.tier().isEmpty()) {
            counters.otherTier.increment();
            return false;
        }
        return true;
    }

    private Optional<KvCacheEvent> stored(BlockStored event) {
        Optional<String> salt = salts.salt(event);
        if (salt.isEmpty()) {
            counters.ambiguousSalts.increment();
            return Optional.empty();
        }
        if (namesABlockTwice(event)) {
            counters.duplicates.increment();
            return Optional.of(new Removed(List.of()));
        }
        var namespace = new CacheNamespace(event.namespace().loraName(), salt.get());
        List<StoredBlock> blocks = blocks(event, namespace);
        return blocks.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Stored(event.parent(), blocks, event.scope().tier().orElseThrow()));
    }

    private static boolean namesABlockTwice(BlockStored event) {
        Set<SequenceHash> seen = new HashSet<>(event.blocks());
        event.parent().ifPresent(seen::add);
        return seen.size() < event.blocks().size() + (event.parent().isPresent() ? 1 : 0);
    }

    /// As many blocks as have the right size and all their tokens.
    private List<StoredBlock> blocks(BlockStored event, CacheNamespace namespace) {
        List<SequenceHash> names = event.blocks();
        if (!names.isEmpty() && event.blockSizeTokens() != blockSizeTokens) {
            counters.otherBlockSizeTokens = event.blockSizeTokens();
            warn("blocks of %d tokens".formatted(event.blockSizeTokens()));
            return List.of();
        }
        int extra = event.isEagle() ? 1 : 0;
        int complete = Math.max(0, event.tokens().size() - extra) / blockSizeTokens;
        if (complete < names.size()) {
            warn("%d blocks with %d tokens".formatted(names.size(), event.tokens().size()));
        }
        BlockHasher hasher = hasher(namespace, extra);
        List<StoredBlock> blocks = new ArrayList<>();
        for (int i = 0; i < Math.min(complete, names.size()); i++) {
            blocks.add(new StoredBlock(names.get(i), hash(hasher, event, i)));
        }
        return blocks;
    }

    private BlockHasher hasher(CacheNamespace namespace, int extraTokens) {
        return extraTokens == 0 && namespace.equals(CacheNamespace.SHARED)
                ? sharedHasher
                : new BlockHasher(blockSizeTokens + extraTokens, namespace);
    }

    private BlockHash hash(BlockHasher hasher, BlockStored event, int index) {
        int start = index * blockSizeTokens;
        List<Long> objects =
                index < event.objects().size() ? event.objects().get(index) : List.of();
        if (objects.isEmpty()) {
            return new BlockHash(hasher.blockHash(event.tokens(), start));
        }
        long[] hashes = objects.stream().flatMapToLong(LongStream::of).toArray();
        return new BlockHash(hasher.blockHash(event.tokens(), start, hashes));
    }

    private void warn(String found) {
        counters.wrongBlockSize.increment();
        if (warnings++ < WARNINGS_MAX) {
            LOG.warn("an engine stores {}, but a block has {} here", found, blockSizeTokens);
        }
    }
}
