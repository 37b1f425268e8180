package dev.stator.engine.kvevents;

/// What became of an engine's events since the listener was opened.
///
/// @param batches applied, in order
/// @param replayedBatches those of them that were asked for
/// @param lostBatches gaps that no replay could fill; each time the cache was forgotten
/// @param restarts times the engine began anew
/// @param malformed messages and payloads that could not be read
/// @param events told on
/// @param otherTier events about blocks in no tier of the engine
/// @param notLocal events about blocks that are not this engine's own
/// @param otherAttention events of layers whose blocks do not make a prefix reusable
/// @param ambiguousSalts stored events whose salt cannot be said
/// @param duplicates stored events that name a block twice
/// @param wrongBlockSize stored events whose blocks have another size, or too few tokens
/// @param otherBlockSizeTokens the size last seen that is not the configured one, 0 for none
/// @param unsupported events of an unknown type
public record KvListenerStats(
        long batches,
        long replayedBatches,
        long lostBatches,
        long restarts,
        long malformed,
        long events,
        long otherTier,
        long notLocal,
        long otherAttention,
        long ambiguousSalts,
        long duplicates,
        long wrongBlockSize,
        int otherBlockSizeTokens,
        long unsupported) {}
