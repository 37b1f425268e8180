package dev.stator.kv.index;

/// How much a prefix index holds.
///
/// @param workers those that hold at least one block
/// @param places distinct prefixes
/// @param heldBlocks pairs of worker and block
public record IndexSize(int workers, long places, long heldBlocks) {}
