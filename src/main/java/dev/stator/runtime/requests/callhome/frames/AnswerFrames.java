package dev.stator.runtime.requests.callhome.frames;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The frames on an answer's connection, but for the two-part message around them.
///
/// ```
/// worker   {"subject": "…", "stream_type": "response"}       who calls
/// worker   {"error": null}                                   the handler has begun, or why not
/// worker   body {"data": …, "complete_final": false}         an item
/// worker   body {"complete_final": true}                     that was all
/// worker   "sentinel"                                        nothing follows
/// caller   "stop" | "kill"                                   cancelled, and what comes is not read
/// caller   "kept"                                            the next hello may follow
/// ```
///
/// The last is ours: only a caller that asked for it (`ControlMessage.keepsConnection`) says it.
///
/// A failure on the way is an item of Dynamo's that says so, marked with `failed` to tell it from
/// the error items that endpoints have for themselves.
public final class AnswerFrames {
    private static final byte[] BEGUN = TwoPartMessage.ofHeader("{\"error\":null}").toBytes();
    private static final byte[] SENTINEL = TwoPartMessage.ofHeader("\"sentinel\"").toBytes();

    private static final String DATA = "data";
    private static final String FINAL = "complete_final";
    private static final String FAILED = "failed";
    private static final String ERROR = "error";
    private static final String TYPED_ERROR = "typed_error";
    private static final JsonLimits HEADER_LIMITS = new JsonLimits(16, 64 << 10, 64 << 10, 64);
    private static final String REFUSAL_START = "Server ";

    private AnswerFrames() {}

    /// One element of an answer.
    ///
    /// @param data not present when there is none
    /// @param failure with which the answer ends
    public record Item(JsonField data, boolean isFinal, Optional<Failed> failure) {}

    public static byte[] hello(String subject) {
        var json =
                new JsonObjectBuilder()
                        .put("subject", subject)
                        .put("stream_type", "response")
                        .build();
        return TwoPartMessage.ofHeader(Json.write(json)).toBytes();
    }

    /// The subject of a worker that calls.
    public static String readHello(TwoPartMessage message) {
        return header(message, it -> it.get("subject").string());
    }

    /// The handler has begun.
    public static byte[] begun() {
        return BEGUN.clone();
    }

    /// Instead of `begun`.
    public static byte[] notBegun(Failed failure) {
        var json =
                new JsonObjectBuilder()
                        .put(ERROR, failure.message())
                        .put(TYPED_ERROR, typed(failure))
                        .build();
        return TwoPartMessage.ofHeader(Json.write(json)).toBytes();
    }

    /// Why the handler has not begun; empty when it has.
    public static Optional<Failed> readBegun(TwoPartMessage message) {
        if (!message.hasHeader()) {
            return Optional.of(refused(message));
        }
        return header(message, AnswerFrames::begun);
    }

    private static Optional<Failed> begun(JsonField prologue) {
        JsonField error = prologue.get(ERROR);
        if (!error.isPresent()) {
            return Optional.empty();
        }
        JsonField typed = prologue.get(TYPED_ERROR);
        return Optional.of(
                typed.isPresent()
                        ? failure(typed)
                        : new Failed(Refusal.cause(error.string()), error.string()));
    }

    /// Some workers of Dynamo refuse with a text as the body of their first frame.
    private static Failed refused(TwoPartMessage message) {
        String text = new String(message.body(), StandardCharsets.UTF_8);
        if (text.startsWith(REFUSAL_START)) {
            return new Refusal(text).end();
        }
        throw new FrameException("an item comes before the answer has begun");
    }

    public static JsonObject item(JsonValue data) {
        return new JsonObjectBuilder().put(DATA, data).put(FINAL, false).build();
    }

    public static JsonObject failed(Failed failure) {
        var data =
                new JsonObjectBuilder()
                        .put("event", ERROR)
                        .putStrings("comment", List.of(failure.message()))
                        .put(ERROR, typed(failure))
                        .build();
        return new JsonObjectBuilder().put(DATA, data).put(FINAL, false).put(FAILED, true).build();
    }

    public static JsonObject complete() {
        return new JsonObjectBuilder().put(FINAL, true).build();
    }

    /// Nothing follows.
    public static byte[] sentinel() {
        return SENTINEL.clone();
    }

    /// Throws `JsonFieldException` when it is no item.
    public static Item readItem(JsonValue body) {
        JsonField item = JsonField.root(body);
        JsonField data = item.get(DATA);
        boolean isFailed = isTrue(item.get(FAILED));
        return new Item(
                data,
                isTrue(item.get(FINAL)),
                isFailed ? Optional.of(failure(data.get(ERROR))) : Optional.empty());
    }

    /// Whether a frame with a header says that nothing follows. Throws `FrameException` when it
    /// says anything else.
    public static boolean isSentinel(TwoPartMessage message) {
        if (!message.hasHeader()) {
            return false;
        }
        if (!message.headerText().equals("\"sentinel\"")) {
            throw new FrameException("a worker says something other than that it is done");
        }
        return true;
    }

    /// What a caller says on an answer's connection.
    public enum Word {
        /// It awaits the end and nothing else.
        STOP,
        /// It wants nothing more at all.
        KILL,
        /// It has the whole answer and leaves the connection open for the next.
        KEPT;

        private final String header = '"' + name().toLowerCase(Locale.ROOT) + '"';

        public byte[] toBytes() {
            return TwoPartMessage.ofHeader(header).toBytes();
        }

        /// Throws `FrameException` when it is none.
        public static Word read(TwoPartMessage message) {
            String said = message.headerText();
            for (Word word : values()) {
                if (word.header.equals(said)) {
                    return word;
                }
            }
            throw new FrameException("a caller says neither stop nor kill nor kept");
        }
    }

    private static JsonObject typed(Failed failure) {
        String type =
                switch (failure.cause()) {
                    case NO_SUCH_INSTANCE -> "CannotConnect";
                    case OVERLOADED -> "WorkerOverloaded";
                    case CONNECTION_LOST -> "Disconnected";
                    case HANDLER_FAILED -> "Unknown";
                };
        return new JsonObjectBuilder()
                .put("error_type", type)
                .put("message", failure.message())
                .build();
    }

    private static Failed failure(JsonField typed) {
        JsonField type = typed.get("error_type");
        FailureCause cause =
                switch (type.isString() ? type.string() : "") {
                    case "CannotConnect", "Unavailable" -> FailureCause.NO_SUCH_INSTANCE;
                    case "WorkerOverloaded", "ResourceExhausted" -> FailureCause.OVERLOADED;
                    case "Disconnected" -> FailureCause.CONNECTION_LOST;
                    default -> FailureCause.HANDLER_FAILED;
                };
        return new Failed(cause, typed.get("message").string());
    }

    private static boolean isTrue(JsonField flag) {
        return flag.isPresent() && flag.bool();
    }

    private static <T> T header(TwoPartMessage message, Function<JsonField, T> reading) {
        try {
            return reading.apply(JsonField.root(Json.parse(message.header(), HEADER_LIMITS)));
        } catch (JsonException | JsonFieldException e) {
            throw new FrameException("a header is unreadable: " + e.getMessage());
        }
    }
}
