package dev.stator.routing.admission;

import dev.stator.routing.admission.policy.PolicyProfile;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/// The classes of a profile: deficit round robin among them, charged in uncached tokens, each by
/// its own quantum.
///
/// A class that may not send now keeps what it has and earns nothing. Turns in which nobody can
/// afford anything are counted, not walked through, so a decision takes time in proportion to the
/// classes, however small their quanta are.
final class ClassRing<T> {
    private final List<ClassQueue<T>> classes;
    private int cursor; // whose turn it is

    ClassRing(PolicyProfile profile, long tenantQuantum) {
        this.classes =
                profile.classes().stream().map(it -> new ClassQueue<T>(it, tenantQuantum)).toList();
    }

    ClassQueue<T> get(int index) {
        return classes.get(index);
    }

    List<ClassQueue<T>> all() {
        return classes;
    }

    /// Uncached tokens that wait.
    long uncachedTokens() {
        long tokens = 0;
        for (ClassQueue<T> each : classes) {
            tokens += each.uncachedTokens();
        }
        return tokens;
    }

    /// The class with the most waiting for its share.
    ClassQueue<T> heaviest() {
        ClassQueue<T> heaviest = classes.getFirst();
        for (ClassQueue<T> each : classes) {
            if (each.uncachedTokens() > each.share(heaviest.uncachedTokens(), heaviest)) {
                heaviest = each;
            }
        }
        return heaviest;
    }

    /// The class that sends next; empty when none that may has anything waiting.
    ///
    /// @param isOpen whether the class of an index may send now
    Optional<ClassQueue<T>> next(IntPredicate isOpen) {
        IntPredicate canSend = it -> !classes.get(it).isEmpty() && isOpen.test(it);
        Optional<ClassQueue<T>> next = walk(canSend);
        if (next.isPresent()) {
            return next;
        }
        long turns = Long.MAX_VALUE;
        for (int i = 0; i < classes.size(); i++) {
            turns = canSend.test(i) ? Math.min(turns, classes.get(i).turnsToGo()) : turns;
        }
        if (turns == Long.MAX_VALUE) {
            return Optional.empty();
        }
        for (int i = 0; i < classes.size(); i++) {
            if (canSend.test(i)) {
                classes.get(i).passTurns(turns - 1);
            }
        }
        return walk(canSend);
    }

    /// Gives everybody a turn until one can send; it keeps its turn.
    private Optional<ClassQueue<T>> walk(IntPredicate canSend) {
        for (int i = 0; i < classes.size(); i++) {
            ClassQueue<T> each = classes.get(cursor);
            if (canSend.test(cursor) && each.canGo()) {
                return Optional.of(each);
            }
            each.endTurn();
            cursor = (cursor + 1) % classes.size();
        }
        return Optional.empty();
    }
}
