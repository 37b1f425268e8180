package dev.stator.runtime.discovery;

import java.util.Map;

/// One registered endpoint of one process.
///
/// @param instanceId of the process, an unsigned number; the same for all its endpoints
/// @param transport the address in the words of the request plane
/// @param metadata what the owner says about itself
public record Instance(
        EndpointId endpoint, long instanceId, String transport, Map<String, String> metadata) {
    public Instance {
        metadata = Map.copyOf(metadata);
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
