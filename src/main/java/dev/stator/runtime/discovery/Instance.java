package dev.stator.runtime.discovery;

import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// One registered endpoint of one process.
///
/// @param instanceId of the process, an unsigned number; the same for all its endpoints
/// @param metadata further members of its record in discovery, such as `request_plane_codec`
/// @param card what it serves, Dynamo's model deployment card; empty for endpoints without a model
/// @param variants cards of what it serves besides, such as adapters of its model, by the names
///     that end their keys
public record Instance(
        EndpointId endpoint,
        long instanceId,
        Transport transport,
        Map<String, String> metadata,
        Optional<JsonObject> card,
        Map<String, JsonObject> variants) {
    public Instance {
        metadata = Map.copyOf(metadata);
        variants = Map.copyOf(variants);
    }

    /// Without variants.
    public Instance(
            EndpointId endpoint,
            long instanceId,
            Transport transport,
            Map<String, String> metadata,
            Optional<JsonObject> card) {
        this(endpoint, instanceId, transport, metadata, card, Map.of());
    }

    /// Without metadata and card.
    public static Instance of(EndpointId endpoint, long instanceId, Transport transport) {
        return new Instance(endpoint, instanceId, transport, Map.of(), Optional.empty());
    }

    /// The same with another member in its record.
    public Instance with(String member, String value) {
        Map<String, String> more = new HashMap<>(metadata);
        more.put(member, value);
        return new Instance(endpoint, instanceId, transport, more, card, variants);
    }

    /// The same with a card.
    public Instance withCard(JsonObject described) {
        return new Instance(
                endpoint, instanceId, transport, metadata, Optional.of(described), variants);
    }

    /// The same with other variants.
    public Instance withVariants(Map<String, JsonObject> described) {
        return new Instance(endpoint, instanceId, transport, metadata, card, described);
    }

    /// The same with no card at all.
    Instance withoutCards() {
        return new Instance(endpoint, instanceId, transport, metadata, Optional.empty());
    }

    /// What stays the same while it is announced.
    public Key key() {
        return new Key(endpoint, instanceId);
    }

    /// How it is reached, in the shape in which Dynamo's `/health` lists it.
    public JsonObject toJson() {
        return RecordFormat.members(new JsonObjectBuilder(), this);
    }

    /// Whether both stand for the same registration, whatever it says.
    public boolean isSameAs(Instance other) {
        return key().equals(other.key());
    }

    @Override
    public String toString() {
        return key().toString();
    }

    /// Which registration an instance is, whatever it says.
    public record Key(EndpointId endpoint, long instanceId) {

        @Override
        public String toString() {
            return endpoint + "/" + Long.toHexString(instanceId);
        }
    }
}
