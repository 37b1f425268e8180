package dev.stator.platform.http;

import java.util.LinkedHashMap;
import java.util.Map;

/// A whole answer.
///
/// @param headers besides the length and the connection, which the server sets
public record HttpResponse(int status, Map<String, String> headers, String body) {
    public HttpResponse {
        headers = Map.copyOf(headers);
    }

    /// An answer with a text body, sent as UTF-8.
    public static HttpResponse of(int status, String contentType, String body) {
        return new HttpResponse(status, Map.of("content-type", contentType), body);
    }

    /// This answer with one more header field.
    public HttpResponse with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpResponse(status, more, body);
    }
}
