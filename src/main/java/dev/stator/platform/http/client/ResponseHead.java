package dev.stator.platform.http.client;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The beginning of an answer.
///
/// @param headers by lower-case name; the first value where a name is repeated
public record ResponseHead(int status, Map<String, String> headers) {
    public ResponseHead {
        headers = Map.copyOf(headers);
    }

    /// The header field of that name, in any case.
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /// Whether the body is a stream of server-sent events.
    public boolean isEventStream() {
        return header("content-type")
                .map(it -> it.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
                .orElse(false);
    }
}
