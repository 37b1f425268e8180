package dev.stator.openai.protocol;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonFieldException;

import java.util.Objects;
import java.util.function.Supplier;

/// A request asks for something it cannot have. The message is for the client.
public final class InvalidRequest extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String param;
    private final String code;

    /// @param param the offending field, as in `messages[0].content`; empty for the whole body
    /// @param code for programs, as in `context_length_exceeded`; empty for none
    public InvalidRequest(String message, String param, String code) {
        super(message);
        this.param = param;
        this.code = code;
    }

    /// Runs `reading`, turning complaints about the document into complaints to the client.
    public static <T> T whenMalformed(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (JsonFieldException e) {
            throw new InvalidRequest(text(e), e.path(), "");
        } catch (JsonException e) {
            throw new InvalidRequest("the body is not valid JSON: " + text(e), "", "");
        }
    }

    /// What is wrong, for the client.
    String message() {
        return text(this);
    }

    private static String text(RuntimeException e) {
        return Objects.requireNonNullElse(e.getMessage(), "");
    }

    public String param() {
        return param;
    }

    public String code() {
        return code;
    }
}
