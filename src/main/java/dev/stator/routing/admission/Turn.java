package dev.stator.routing.admission;

/// What somebody may spend in a deficit round robin (Shreedhar and Varghese, 1995), in uncached
/// tokens. A turn is worth a quantum; what is not spent is kept for the next turn.
final class Turn {
    private long credit;
    private boolean hasBegun;

    /// Begins the turn unless it has begun; whether so much can be spent in it.
    boolean affords(long cost, long quantum) {
        if (!hasBegun) {
            hasBegun = true;
            credit += quantum;
        }
        return cost <= credit;
    }

    void spend(long cost) {
        credit -= cost;
    }

    void end() {
        hasBegun = false;
    }

    /// Turns that it takes until so much can be spent, from a turn that is over.
    long turnsUntil(long cost, long quantum) {
        return Math.ceilDiv(cost - credit, quantum);
    }

    /// As if so many turns had passed unused.
    void pass(long turns, long quantum) {
        credit += turns * quantum;
    }

    /// Gives up what is kept.
    void forfeit() {
        credit = 0;
        hasBegun = false;
    }

    long credit() {
        return credit;
    }
}
