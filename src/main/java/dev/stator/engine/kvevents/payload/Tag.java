package dev.stator.engine.kvevents.payload;

/// The names of events.
final class Tag {
    static final String STORED = "BlockStored";
    static final String REMOVED = "BlockRemoved";
    static final String CLEARED = "AllBlocksCleared";

    private Tag() {}
}
