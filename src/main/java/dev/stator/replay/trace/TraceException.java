package dev.stator.replay.trace;

import java.nio.file.Path;

/// A trace file cannot be understood; the message says where and why.
public final class TraceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TraceException(Path file, long line, String problem, Throwable cause) {
        super(file + ", line " + line + ": " + problem, cause);
    }

    TraceException(Path file, String problem) {
        super(file + ": " + problem);
    }
}
