package dev.stator.kv.index;

/// How much a prefix index holds.
///
/// @param workers those that hold at least one block
/// @param places distinct prefixes
/// @param heldBlocks blocks by worker, name and tier
public record IndexSize(int workers, long places, long heldBlocks) {}
