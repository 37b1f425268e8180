package dev.stator.runtime;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.EndpointCodec;
import dev.stator.runtime.requests.ItemReader;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Endpoints that take a text and answer with texts. What follows an `@` travels beside a request.
public record TextEndpoint() implements EndpointCodec<String, String> {

    private static final String NOTE = "note";

    public static Endpoint<String, String> of(EndpointId id) {
        return new Endpoint<>(id, String.class, String.class, new TextEndpoint());
    }

    @Override
    public String requestId(String request) {
        return UUID.randomUUID().toString();
    }

    @Override
    public Map<String, String> metadata(String request) {
        int at = request.indexOf('@');
        return at < 0 ? Map.of() : Map.of(NOTE, request.substring(at + 1));
    }

    @Override
    public JsonValue writeRequest(String request) {
        int at = request.indexOf('@');
        return new JsonString(at < 0 ? request : request.substring(0, at));
    }

    @Override
    public String readRequest(String requestId, JsonField request) {
        return request.string();
    }

    @Override
    public String withMetadata(String request, Map<String, String> metadata) {
        return request + "@" + metadata.get(NOTE);
    }

    @Override
    public JsonValue writeItem(String item) {
        return new JsonString(item);
    }

    @Override
    public ItemReader<String> reader(String request) {
        return element -> List.of(element.string());
    }
}
