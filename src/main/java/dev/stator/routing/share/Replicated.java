package dev.stator.routing.share;

import dev.stator.routing.rebalance.Rebalance;

import java.time.Instant;

/// A router replicates a prefix on purpose.
///
/// @param routerId the instance id of its process in discovery, an unsigned number
public record Replicated(long routerId, Rebalance rebalance, Instant at) {}
