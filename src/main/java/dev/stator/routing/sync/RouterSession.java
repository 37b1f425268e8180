package dev.stator.routing.sync;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;

/// One life of one router, the source of numbered bookings.
///
/// @param routerId the instance id of its process in discovery, an unsigned number
/// @param session differs between two routers of a process and between two lives of one; 0 for
///     routers that are not ours, which do not number their bookings
public record RouterSession(long routerId, long session) {
    private static final String ROUTER_ID = "router_id";
    private static final String SESSION = "session";

    /// The members `router_id` and `session` of a message; session 0 when it names none.
    static RouterSession read(JsonField json) {
        JsonField session = json.get(SESSION);
        return new RouterSession(
                json.get(ROUTER_ID).unsignedLong(), session.isPresent() ? hexadecimal(session) : 0);
    }

    JsonObjectBuilder putId(JsonObjectBuilder json) {
        return json.putUnsigned(ROUTER_ID, routerId);
    }

    JsonObjectBuilder putSession(JsonObjectBuilder json) {
        return json.put(SESSION, Long.toHexString(session));
    }

    /// Whether its bookings are numbered and stated.
    boolean isOurs() {
        return session != 0;
    }

    @Override
    public String toString() {
        return Long.toHexString(routerId) + "#" + Long.toHexString(session);
    }

    private static long hexadecimal(JsonField json) {
        try {
            return Long.parseUnsignedLong(json.string(), 16);
        } catch (NumberFormatException e) {
            throw json.invalid("must be a hexadecimal number");
        }
    }
}
