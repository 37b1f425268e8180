package dev.stator.platform.zmq;

import java.util.List;

/// Receives the messages of one socket, in order, on the thread that owns the socket.
@FunctionalInterface
public interface ZmqReceiver {

    /// Must not block and must not change the frames.
    void onMessage(List<byte[]> frames);
}
