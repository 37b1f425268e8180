package dev.stator.engine.wire;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.hints.RequestMetadata;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;
import dev.stator.runtime.requests.EndpointCodec;
import dev.stator.runtime.requests.ItemReader;

import java.util.Map;

/// Generation requests as `PreprocessedRequest`, their answers as `LLMEngineOutput`s, so that a
/// Dynamo worker can serve our frontend and a Dynamo frontend can use our workers.
///
/// @param model the name that requests carry; those for an adapter carry its name
record GenerateCodec(String model) implements EndpointCodec<GenerationRequest, GenerationItem> {

    @Override
    public String requestId(GenerationRequest request) {
        return request.id();
    }

    @Override
    public Map<String, String> metadata(GenerationRequest request) {
        return RequestMetadata.of(request.hints());
    }

    @Override
    public JsonValue writeRequest(GenerationRequest request) {
        return PreprocessedRequestJson.write(model, request);
    }

    @Override
    public GenerationRequest readRequest(String requestId, JsonField request) {
        return PreprocessedRequestJson.read(requestId, request);
    }

    @Override
    public GenerationRequest withMetadata(GenerationRequest request, Map<String, String> metadata) {
        return request.with(RequestMetadata.read(request.hints(), metadata));
    }

    @Override
    public JsonValue writeItem(GenerationItem item) {
        return EngineOutputJson.write(item);
    }

    @Override
    public ItemReader<GenerationItem> reader(GenerationRequest request) {
        return new EngineOutputReader(request);
    }
}
