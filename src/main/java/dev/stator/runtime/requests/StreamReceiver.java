package dev.stator.runtime.requests;

/// Receives one answer.
///
/// Calls come one at a time, though not always from the same thread: items, then `onEnd` exactly
/// once. Implementations must not block.
public interface StreamReceiver<I> {

    /// The next item.
    void onItem(I item);

    /// Nothing follows.
    void onEnd(StreamEnd end);

    /// Receives an answer of one item as a whole; returns its handle, which has nothing to steer.
    default RemoteStream answer(I only) {
        onItem(only);
        onEnd(new StreamEnd.Completed());
        return new DeferredStream();
    }
}
