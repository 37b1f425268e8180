package dev.stator.launch.indexer;

/// A request that cannot be served as things are.
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /// @param status of HTTP
    /// @param problem names the field and its value
    RefusedException(int status, String problem) {
        super(problem);
        this.status = status;
    }

    int status() {
        return status;
    }
}
