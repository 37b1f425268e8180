/// KV events between engines and workers over ZMQ, as vLLM and SGLang publish them: ours for
/// others, and those of others for us. Knows nothing of discovery and event planes.
@NullMarked
package dev.stator.engine.kvevents;

import org.jspecify.annotations.NullMarked;
