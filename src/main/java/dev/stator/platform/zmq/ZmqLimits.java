package dev.stator.platform.zmq;

/// What one socket may hold.
///
/// @param highWater messages on their way to, or from, one peer; a slower peer loses some
/// @param outgoingMax messages that wait for the owning thread; what exceeds it is refused
/// @param frameBytesMax of one received frame; a peer that sends more is disconnected
public record ZmqLimits(int highWater, int outgoingMax, long frameBytesMax) {

    /// As many messages as vLLM and Dynamo keep.
    public static final ZmqLimits DEFAULT = new ZmqLimits(100_000, 100_000, 16L << 20);

    public ZmqLimits {
        if (highWater < 1 || outgoingMax < 1 || frameBytesMax < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive: high water %d, outgoing %d, frame bytes %d"
                            .formatted(highWater, outgoingMax, frameBytesMax));
        }
    }

    /// The same with room for `messages` on their way to one peer.
    public ZmqLimits withHighWater(int messages) {
        return new ZmqLimits(messages, outgoingMax, frameBytesMax);
    }

    /// The same with room for `messages` that wait for the owning thread.
    public ZmqLimits withOutgoingMax(int messages) {
        return new ZmqLimits(highWater, messages, frameBytesMax);
    }
}
