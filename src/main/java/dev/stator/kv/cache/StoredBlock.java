package dev.stator.kv.cache;

import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

/// One block that became reusable: its place in a prefix and the hash of its own tokens.
public record StoredBlock(SequenceHash sequenceHash, BlockHash blockHash) {}
