package dev.stator.runtime.discovery;

/// How an instance is reached: a kind of request plane, and the address in that plane's words.
///
/// On Dynamo's wire it is the object `{"tcp": "10.0.0.7:35111/2a/generate"}`.
public record Transport(String kind, String address) {
    /// Direct, `host:port/{id:x}/{endpoint}`.
    public static final String TCP = "tcp";

    /// Over NATS, `{namespace}_{component}.{endpoint}-{id:x}`.
    public static final String NATS = "nats_tcp";

    /// Within one process.
    public static final String MEMORY = "memory";

    /// Not requests but events: a ZMQ publisher's `tcp://host:port`.
    public static final String ZMQ = "zmq";

    public Transport {
        if (!kind.matches("[a-z_]{1,32}")) {
            throw new IllegalArgumentException(
                    "transport kind must be 1 to 32 of a-z _: \"" + kind + "\"");
        }
    }

    public static Transport tcp(String address) {
        return new Transport(TCP, address);
    }

    @Override
    public String toString() {
        return kind + ":" + address;
    }
}
