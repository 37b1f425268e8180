package dev.stator.openai.response;

import dev.stator.platform.codec.JsonText;

import java.util.List;
import java.util.Optional;

/// A model as `GET /v1/models` shows it.
///
/// @param createdSeconds since 1970
/// @param parent the model that it adapts
public record ModelEntry(
        String id, long createdSeconds, int contextLengthTokens, Optional<String> parent) {

    public String toJson() {
        var out = new StringBuilder();
        append(out);
        return out.toString();
    }

    /// The body of `GET /v1/models`.
    public static String listToJson(List<ModelEntry> models) {
        var out = new StringBuilder("{\"object\":\"list\",\"data\":[");
        for (int i = 0; i < models.size(); i++) {
            out.append(i == 0 ? "" : ",");
            models.get(i).append(out);
        }
        return out.append("]}").toString();
    }

    private void append(StringBuilder out) {
        JsonText.appendQuoted(out.append("{\"id\":"), id);
        out.append(",\"object\":\"model\",\"created\":").append(createdSeconds);
        out.append(",\"owned_by\":\"stator\",\"context_window\":").append(contextLengthTokens);
        out.append(",\"max_model_len\":").append(contextLengthTokens);
        parent.ifPresent(it -> JsonText.appendQuoted(out.append(",\"parent\":"), it));
        out.append('}');
    }
}
