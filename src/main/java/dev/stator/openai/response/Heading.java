package dev.stator.openai.response;

import dev.stator.platform.codec.JsonText;

/// What every document of one response begins with.
///
/// @param id of the response; letters, digits and hyphens
/// @param createdSeconds since 1970
public record Heading(String id, long createdSeconds, String model) {

    /// The document up to the bracket that opens its choices.
    String open(String object) {
        var out = new StringBuilder(160);
        out.append("{\"id\":\"").append(id).append("\",\"object\":\"").append(object);
        out.append("\",\"created\":").append(createdSeconds).append(",\"model\":");
        JsonText.appendQuoted(out, model);
        return out.append(",\"choices\":[").toString();
    }
}
