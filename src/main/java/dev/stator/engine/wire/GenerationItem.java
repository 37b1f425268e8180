package dev.stator.engine.wire;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationStart;

/// One call of a `TokenSink` on its way from a worker.
public sealed interface GenerationItem {

    /// The engine begins.
    record Started(GenerationStart start) implements GenerationItem {}

    /// One token.
    record Produced(GeneratedToken token) implements GenerationItem {}

    /// The engine is done; the last item.
    record Ended(GenerationEnd end) implements GenerationItem {}
}
