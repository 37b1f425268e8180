package dev.stator.platform.tcp;

import java.nio.ByteBuffer;

/// One side of one connection. Called on the connection's event loop, one call at a time; must not
/// block.
public interface TcpHandler {

    /// The connection is there.
    void onOpen(TcpConnection connection);

    /// Bytes came in. They are valid during the call only.
    void onBytes(ByteBuffer bytes);

    /// The connection was full and has room again.
    default void onRoom() {}

    /// Nothing follows; called once, also when a connection could not be opened.
    ///
    /// @param why in words, for logs
    void onClosed(String why);
}
