package dev.stator.platform.nats;

/// Receives the messages of one subscription, one call at a time, on a thread of their own.
public interface NatsReceiver {

    /// The next message, in the order in which its publisher sent it.
    ///
    /// @param pattern of the subscription, the one that the message's subject matches
    void onMessage(String pattern, NatsMessage message);

    /// Messages were lost between the last one and the next one, because this receiver was slow or
    /// the connection was down.
    ///
    /// @param messages how many, as far as is known; at least 1
    void onLost(long messages);
}
