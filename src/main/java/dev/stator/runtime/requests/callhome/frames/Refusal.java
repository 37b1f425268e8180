package dev.stator.runtime.requests.callhome.frames;

import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;

/// A worker's answer to a request that it does not begin, as the text that says so on the wire.
/// Older callers of Dynamo know no other beginnings than these two.
public record Refusal(String text) {
    private static final String OVERLOADED = "Server overloaded: ";
    private static final String UNAVAILABLE = "Server unavailable: ";
    private static final int SHOWN_CHARS_MAX = 500;

    public static Refusal overloaded(String why) {
        return new Refusal(OVERLOADED + why);
    }

    public static Refusal unavailable(String why) {
        return new Refusal(UNAVAILABLE + why);
    }

    /// What it means for the caller.
    public Failed end() {
        String shown = text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX);
        return new Failed(cause(text), shown);
    }

    static FailureCause cause(String text) {
        if (text.startsWith(OVERLOADED)) {
            return FailureCause.OVERLOADED;
        }
        return text.startsWith(UNAVAILABLE) || text.startsWith("Unknown endpoint")
                ? FailureCause.NO_SUCH_INSTANCE
                : FailureCause.HANDLER_FAILED;
    }
}
