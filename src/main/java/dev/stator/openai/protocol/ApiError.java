package dev.stator.openai.protocol;

import dev.stator.platform.codec.JsonText;

/// An error as the API words it.
///
/// @param type its class, as in `invalid_request_error`
/// @param param the offending field, empty for none
/// @param code for programs, empty for none
public record ApiError(String message, String type, String param, String code) {

    /// The fault lies with the request.
    public static ApiError invalid(InvalidRequest e) {
        return new ApiError(e.message(), "invalid_request_error", e.param(), e.code());
    }

    /// An error without a field.
    public static ApiError of(String type, String code, String message) {
        return new ApiError(message, type, "", code);
    }

    public String toJson() {
        var out = new StringBuilder(128 + message.length());
        out.append("{\"error\":{\"message\":");
        JsonText.appendQuoted(out, message);
        out.append(",\"type\":");
        JsonText.appendQuoted(out, type);
        appendOrNull(out.append(",\"param\":"), param);
        appendOrNull(out.append(",\"code\":"), code);
        return out.append("}}").toString();
    }

    private static void appendOrNull(StringBuilder out, String text) {
        if (text.isEmpty()) {
            out.append("null");
        } else {
            JsonText.appendQuoted(out, text);
        }
    }
}
