/// The KV events of vLLM and SGLang as bytes: what a batch says, in every form in which the engines
/// have said it. Knows nothing of sockets, nor of what the events mean for anybody's cache.
@NullMarked
package dev.stator.engine.kvevents.payload;

import org.jspecify.annotations.NullMarked;
