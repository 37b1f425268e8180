package dev.stator.openai.protocol;

import dev.stator.engine.hints.PlacementJson;
import dev.stator.platform.codec.JsonField;

import java.util.Set;

/// What a client wants to know besides the output; `nvext.extra_fields`.
///
/// @param worker which worker served it
/// @param timing how long it took
/// @param prompt the token ids of the prompt
public record ExtraFields(boolean worker, boolean timing, boolean prompt) {
    public static final ExtraFields NONE = new ExtraFields(false, false, false);

    /// @param asksForWorkerOnly then the worker and the prompt are the answer
    static ExtraFields parse(JsonField nvext, boolean asksForWorkerOnly) {
        Set<String> named = PlacementJson.names(nvext.get("extra_fields"));
        return new ExtraFields(
                asksForWorkerOnly || named.contains("worker_id"),
                named.contains("timing"),
                asksForWorkerOnly);
    }
}
