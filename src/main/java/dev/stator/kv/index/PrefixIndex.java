package dev.stator.kv.index;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.SequenceHash;

import java.util.List;
import java.util.Set;

/// Says how many leading blocks of a prompt each worker holds, as told by events. Thread-safe.
///
/// Places in the tree are named by block hashes, which every worker computes alike. Sequence hashes
/// are opaque names that one worker gave to its own blocks; they find a parent and a removed block.
/// Applying the same event twice changes nothing, and no event is an error. The tiers of a worker
/// are caches of their own, except that a stored block may follow a parent in any of them; a name
/// that stands for several parents means the one in the event's tier, else the one nearest to the
/// device.
public interface PrefixIndex extends PrefixMatcher {

    /// Applies one change of one worker's cache.
    ApplyResult apply(WorkerId worker, KvCacheEvent event);

    /// The blocks a worker holds in any tier, by the names it gave them.
    Set<SequenceHash> blocks(WorkerId worker);

    /// Events that store again what the worker holds, parents first. A block whose parent the
    /// worker does not hold cannot be matched and is left out.
    List<KvCacheEvent.Stored> dump(WorkerId worker);

    /// How much is in it.
    IndexSize size();
}
