package dev.stator.runtime;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.EndpointCodec;
import dev.stator.runtime.requests.ItemReader;

import java.util.List;
import java.util.UUID;

/// Endpoints that take a text and answer with texts.
public record TextEndpoint() implements EndpointCodec<String, String> {

    public static Endpoint<String, String> of(EndpointId id) {
        return new Endpoint<>(id, String.class, String.class, new TextEndpoint());
    }

    @Override
    public String requestId(String request) {
        return UUID.randomUUID().toString();
    }

    @Override
    public JsonValue writeRequest(String request) {
        return new JsonString(request);
    }

    @Override
    public String readRequest(String requestId, JsonField request) {
        return request.string();
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
