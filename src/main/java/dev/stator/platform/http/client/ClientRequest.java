package dev.stator.platform.http.client;

import java.util.LinkedHashMap;
import java.util.Map;

/// A request and where it goes.
///
/// @param path below the address's base path, with the query if any
/// @param headers besides the host and the length, which the client sets
/// @param body sent as UTF-8
public record ClientRequest(
        HttpAddress address, String method, String path, Map<String, String> headers, String body) {
    public ClientRequest {
        headers = Map.copyOf(headers);
    }

    public static ClientRequest get(HttpAddress address, String path) {
        return new ClientRequest(address, "GET", path, Map.of(), "");
    }

    /// A `POST` of JSON.
    public static ClientRequest post(HttpAddress address, String path, String json) {
        var headers = Map.of("content-type", "application/json");
        return new ClientRequest(address, "POST", path, headers, json);
    }

    /// This request with one more header field.
    public ClientRequest with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ClientRequest(address, method, path, more, body);
    }

    @Override
    public String toString() {
        return method + " " + address + path;
    }
}
