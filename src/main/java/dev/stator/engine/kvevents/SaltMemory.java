package dev.stator.engine.kvevents;

import dev.stator.engine.kvevents.payload.EngineEvent.BlockStored;
import dev.stator.tokens.LongMap;
import dev.stator.tokens.SequenceHash;

import java.util.List;
import java.util.Optional;

/// Which cached blocks belong to which salt, because engines say it at the first block of a prompt
/// only. Blocks without salt are not remembered: a parent that is not known counts as one of
/// those. Not thread-safe.
final class SaltMemory {

    /// Salted blocks remembered; children of others count as unsalted.
    private static final int BLOCKS_MAX = 4_000_000;

    /// The salt of a block that was stored under several, which nobody can inherit.
    private static final String AMBIGUOUS = "";

    private final LongMap<String> salts = new LongMap<>();

    /// The salt of the blocks of `event`, its own or its parent's, `""` for none; empty when that
    /// cannot be said. The blocks are remembered.
    Optional<String> salt(BlockStored event) {
        String salt = event.namespace().cacheSalt();
        if (salt.isEmpty() && event.parent().isPresent()) {
            String inherited = salts.get(event.parent().get().value());
            if (AMBIGUOUS.equals(inherited)) {
                return Optional.empty();
            }
            salt = inherited == null ? "" : inherited;
        }
        for (SequenceHash block : event.blocks()) {
            remember(block.value(), salt);
        }
        return Optional.of(salt);
    }

    /// The blocks are evicted. What is ambiguous stays so.
    void remove(List<SequenceHash> blocks) {
        for (SequenceHash block : blocks) {
            if (!AMBIGUOUS.equals(salts.get(block.value()))) {
                salts.remove(block.value());
            }
        }
    }

    void clear() {
        salts.clear();
    }

    private void remember(long block, String salt) {
        String known = salts.get(block);
        if (known == null ? !salt.isEmpty() && salts.size() < BLOCKS_MAX : !known.equals(salt)) {
            salts.put(block, known == null ? salt : AMBIGUOUS);
        }
    }
}
