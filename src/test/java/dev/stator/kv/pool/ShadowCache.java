package dev.stator.kv.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.SequenceHash;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A cache rebuilt from nothing but events. Fails on an event that contradicts the ones before.
public final class ShadowCache implements KvCacheListener {
    private final Map<SequenceHash, Optional<SequenceHash>> parents = new HashMap<>();
    private int events;

    @Override
    public void onEvent(KvCacheEvent event) {
        events++;
        switch (event) {
            case Stored(var parent, var blocks, _) -> store(parent, blocks);
            case Removed(var blocks, _) -> blocks.forEach(this::remove);
            case Cleared() -> parents.clear();
        }
    }

    /// Every block with its parent.
    public Map<SequenceHash, Optional<SequenceHash>> content() {
        return parents;
    }

    public int events() {
        return events;
    }

    /// Asserts that a pool holds exactly what its events said.
    public void assertSameAs(BlockPool pool) {
        var dumped = new ShadowCache();
        pool.dump().forEach(dumped::onEvent);
        assertThat(dumped.content()).isEqualTo(parents);
    }

    private void store(Optional<SequenceHash> firstParent, List<StoredBlock> blocks) {
        assertThat(blocks).isNotEmpty();
        Optional<SequenceHash> parent = firstParent;
        for (StoredBlock block : blocks) {
            parent.ifPresent(hash -> assertThat(parents).containsKey(hash));
            assertThat(parents).doesNotContainKey(block.sequenceHash());
            parents.put(block.sequenceHash(), parent);
            parent = Optional.of(block.sequenceHash());
        }
    }

    private void remove(SequenceHash hash) {
        assertThat(parents).containsKey(hash).doesNotContainValue(Optional.of(hash));
        parents.remove(hash);
    }
}
