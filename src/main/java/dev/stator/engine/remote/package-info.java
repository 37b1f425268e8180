/// An engine that is a running inference server: vLLM, SGLang, llama.cpp, or one that knows only
/// text.
///
/// Knows nothing of workers, of discovery or of the server's KV events.
@NullMarked
package dev.stator.engine.remote;

import org.jspecify.annotations.NullMarked;
