/// An index of who holds which prompt, alone in its process and asked over HTTP: follows the KV
/// events of engines as they publish them over ZMQ. Knows nothing of workers, planes and routing.
@NullMarked
package dev.stator.launch.indexer;

import org.jspecify.annotations.NullMarked;
