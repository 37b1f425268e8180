package dev.stator.runtime.requests.callhome.frames;

import dev.stator.runtime.discovery.Instance;

import java.util.Map;

/// How callers learn that a worker can bring several answers on one connection, one after the
/// other. Dynamo's workers say nothing of the kind and bring each answer on a connection of its
/// own.
public final class KeptConnections {
    private static final String KEY = "answer_connections";
    private static final String KEPT = "kept";

    /// What an instance says that understands it.
    public static final Map<String, String> METADATA = Map.of(KEY, KEPT);

    private KeptConnections() {}

    public static boolean isUnderstoodBy(Instance target) {
        return KEPT.equals(target.metadata().get(KEY));
    }
}
