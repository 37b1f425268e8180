package dev.stator.platform.http.client;

/// Receives the events of one answer, or the answer that came instead of events.
///
/// Calls come one at a time, on an event loop, in the order `onOpen`, `onEvent` …; the end is one
/// of `onEnd`, `onAnswer` and `onFailure`, unless the rest was discarded. Implementations must not
/// block.
public interface EventListener {

    /// A stream of events begins.
    void onOpen(HttpCall call);

    /// The data of one event.
    void onEvent(HttpCall call, String data);

    /// The stream ended as a whole answer does. An event left unfinished was dropped.
    void onEnd(HttpCall call);

    /// An answer that is no stream of events, perhaps cut short.
    void onAnswer(HttpCall call, HttpReply reply);

    /// There is no answer, or the stream broke off.
    void onFailure(HttpCall call, HttpFailure failure);
}
