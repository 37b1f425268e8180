/// What a run has measured, and how it is told: as text, JSON, CSV and HTML.
///
/// Knows nothing of connections or of how requests are made.
@NullMarked
package dev.stator.replay.load.result;

import org.jspecify.annotations.NullMarked;
