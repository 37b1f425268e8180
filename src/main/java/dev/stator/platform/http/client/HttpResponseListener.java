package dev.stator.platform.http.client;

import java.nio.ByteBuffer;

/// Receives one answer.
///
/// Calls come one at a time, on an event loop: `onHead`, `onBody` …, at the end one of `onEnd`
/// and `onFailure`, unless the rest was discarded. When the client is closed, `onFailure` may come
/// on the thread that makes the call. Implementations must not block.
public interface HttpResponseListener {

    /// The status and the header fields have come.
    void onHead(HttpCall call, ResponseHead head);

    /// A piece of the body. All of it must be read, except when the call was paused meanwhile: what
    /// was left then comes again after it is resumed. The buffer is not to be kept.
    void onBody(HttpCall call, ByteBuffer bytes);

    /// The answer is complete.
    void onEnd(HttpCall call);

    /// The answer is not complete, and nothing follows.
    void onFailure(HttpCall call, HttpFailure failure);
}
