package dev.stator.runtime.discovery;

import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.Map;
import java.util.Optional;

/// One registered endpoint of one process.
///
/// @param instanceId of the process, an unsigned number; the same for all its endpoints
/// @param metadata further members of its record in discovery, such as `request_plane_codec`
/// @param card what it serves, Dynamo's model deployment card; empty for endpoints without a model
public record Instance(
        EndpointId endpoint,
        long instanceId,
        Transport transport,
        Map<String, String> metadata,
        Optional<JsonObject> card) {
    public Instance {
        metadata = Map.copyOf(metadata);
    }

    /// Without metadata and card.
    public static Instance of(EndpointId endpoint, long instanceId, Transport transport) {
        return new Instance(endpoint, instanceId, transport, Map.of(), Optional.empty());
    }

    /// The same with a card.
    public Instance withCard(JsonObject described) {
        return new Instance(endpoint, instanceId, transport, metadata, Optional.of(described));
    }

    /// Whether both stand for the same registration, whatever it says.
    public boolean isSameAs(Instance other) {
        return instanceId == other.instanceId && endpoint.equals(other.endpoint);
    }

    @Override
    public String toString() {
        return endpoint + "/" + Long.toHexString(instanceId);
    }
}
