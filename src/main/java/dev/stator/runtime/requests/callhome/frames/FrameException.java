package dev.stator.runtime.requests.callhome.frames;

/// What came in is not a frame of the protocol, or not one that belongs there. The connection it
/// came on is of no use any more.
public final class FrameException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FrameException(String message) {
        super(message);
    }
}
