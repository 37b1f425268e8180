package dev.stator.launch.topology;

/// A topology cannot be read, started or kept running; the message is for the person who wrote it.
public final class TopologyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TopologyException(String message) {
        super(message);
    }
}
