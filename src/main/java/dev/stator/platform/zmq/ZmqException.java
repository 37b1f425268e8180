package dev.stator.platform.zmq;

/// A socket cannot be made, bound or reached. The message names the endpoint.
public final class ZmqException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ZmqException(String message) {
        super(message);
    }

    public ZmqException(String message, Throwable cause) {
        super(message, cause);
    }
}
