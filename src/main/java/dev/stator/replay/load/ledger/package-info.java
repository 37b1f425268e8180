/// What a simulated engine must have said, held against what has arrived.
///
/// Knows nothing of HTTP or of JSON.
@NullMarked
package dev.stator.replay.load.ledger;

import org.jspecify.annotations.NullMarked;
