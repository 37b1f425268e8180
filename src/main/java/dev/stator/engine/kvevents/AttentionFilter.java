package dev.stator.engine.kvevents;

import dev.stator.engine.kvevents.payload.AttentionKind;
import dev.stator.engine.kvevents.payload.EventScope;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Tells the events of layers whose blocks stay needed from those of others. What a group is,
/// stored events say; removed ones may name the group alone. Not thread-safe.
final class AttentionFilter {
    private static final int GROUPS_MAX = 4_096;

    private final Map<Group, AttentionKind> kinds = new HashMap<>();

    private record Group(int rank, int index) {}

    /// Remembers what a stored event says about its group.
    void learn(int rank, EventScope scope) {
        if (scope.group().isPresent() && scope.kind().isPresent() && kinds.size() < GROUPS_MAX) {
            kinds.put(new Group(rank, scope.group().getAsInt()), scope.kind().get());
        }
    }

    /// Whether holding the blocks of this event means that a prefix can be reused. Unless something
    /// else is known, the first group is of that kind, and others are not.
    boolean keepsPrefixes(int rank, EventScope scope) {
        if (scope.kind().isPresent()) {
            return scope.kind().get().keepsPrefixes();
        }
        if (scope.group().isEmpty()) {
            return true;
        }
        int group = scope.group().getAsInt();
        return Optional.ofNullable(kinds.get(new Group(rank, group)))
                .map(AttentionKind::keepsPrefixes)
                .orElse(group == 0);
    }
}
