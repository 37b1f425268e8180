package dev.stator.platform.codec;

/// A field of a document is missing, of the wrong type or out of range.
public final class JsonFieldException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String path;

    /// @param path where, as in `messages[0].content`; empty for the document itself
    /// @param problem what is wrong and the value, as in `must be a string: 5`
    public JsonFieldException(String path, String problem) {
        super((path.isEmpty() ? "the document" : "'" + path + "'") + " " + problem);
        this.path = path;
    }

    public String path() {
        return path;
    }
}
