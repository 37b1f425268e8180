package dev.stator.platform.codec;

/// The text is not JSON or YAML, or exceeds a limit. The message says where.
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public JsonException(String message) {
        super(message);
    }
}
