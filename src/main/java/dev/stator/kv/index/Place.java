package dev.stator.kv.index;

import dev.stator.tokens.LongMap;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// One node of the tree: a prefix, named by the hash of its last block below its parent.
///
/// Most places have one child or none, so a table is made only for the second one.
final class Place {
    final @Nullable Place parent; // absent at the root only
    final long blockHash;
    final SlotSet holders = new SlotSet();

    private @Nullable Place onlyChild;
    private @Nullable LongMap<Place> children; // from the second child on; then onlyChild is absent
    private @Nullable Map<Integer, Integer> aliases;

    Place(@Nullable Place parent, long blockHash) {
        this.parent = parent;
        this.blockHash = blockHash;
    }

    @Nullable Place child(long hash) {
        Place only = onlyChild;
        if (only != null) {
            return only.blockHash == hash ? only : null;
        }
        return children == null ? null : children.get(hash);
    }

    Place addChild(long hash) {
        var child = new Place(this, hash);
        if (children != null) {
            children.put(hash, child);
        } else if (onlyChild == null) {
            onlyChild = child;
        } else {
            children = new LongMap<>();
            children.put(onlyChild.blockHash, onlyChild);
            children.put(hash, child);
            onlyChild = null;
        }
        return child;
    }

    void removeChild(Place child) {
        if (child == onlyChild) {
            onlyChild = null;
        } else if (children != null) {
            children.remove(child.blockHash);
            if (children.isEmpty()) {
                children = null;
            }
        }
    }

    boolean isUnused() {
        return onlyChild == null && children == null && holders.isEmpty();
    }

    void forEachChild(Consumer<Place> action) {
        if (onlyChild != null) {
            action.accept(onlyChild);
        } else if (children != null) {
            children.forEach((_, child) -> action.accept(child));
        }
    }

    /// Notes that a worker gave this place one more name. An engine whose names depend on more than
    /// tokens does so; ours never do.
    void hold(int slot) {
        if (!holders.add(slot)) {
            if (aliases == null) {
                aliases = new HashMap<>();
            }
            aliases.merge(slot, 1, Integer::sum);
        }
    }

    /// Takes back one name of a worker.
    void release(int slot) {
        if (aliases != null && aliases.containsKey(slot)) {
            aliases.computeIfPresent(slot, (_, more) -> more == 1 ? null : more - 1);
            aliases = aliases.isEmpty() ? null : aliases;
        } else {
            holders.remove(slot);
        }
    }

    /// How many names the worker gave this place.
    int names(int slot) {
        if (!holders.contains(slot)) {
            return 0;
        }
        return aliases == null ? 1 : 1 + aliases.getOrDefault(slot, 0);
    }
}
