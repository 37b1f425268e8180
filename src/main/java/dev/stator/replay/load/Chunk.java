package dev.stator.replay.load;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.tokens.TokenIds;

import java.util.List;
import java.util.Optional;

/// One event of a stream, of either API.
///
/// @param hasText whether a piece of output is in it, reasoning included
/// @param tokens ids of that piece; empty when the server names none
/// @param prompt ids of the prompt, where the server names them
/// @param error the type of an error that ends the stream
record Chunk(
        boolean hasText,
        TokenIds tokens,
        TokenIds prompt,
        Optional<String> finishReason,
        Optional<Usage> usage,
        Optional<String> error) {
    static final String DONE = "[DONE]";

    private static final JsonLimits LIMITS = JsonLimits.REQUEST;

    /// Token counts as the server has them.
    record Usage(int prompt, int cached, int output) {}

    /// Throws `JsonException` or `JsonFieldException` when `data` is no chunk.
    static Chunk read(String data) throws JsonException, JsonFieldException {
        JsonField root = JsonField.root(Json.parse(data, LIMITS));
        Optional<String> error = root.get("error").optional().map(Chunk::errorType);
        Optional<JsonField> choice =
                root.get("choices").optional().map(JsonField::items).flatMap(Chunk::first);
        return new Chunk(
                choice.map(Chunk::hasText).orElse(false),
                choice.map(it -> ids(it.get("token_ids"))).orElse(TokenIds.EMPTY),
                prompt(root, choice),
                choice.flatMap(it -> it.get("finish_reason").optional()).map(JsonField::string),
                root.get("usage").optional().map(Chunk::usage),
                error);
    }

    private static Optional<JsonField> first(List<JsonField> items) {
        return items.stream().findFirst();
    }

    private static boolean hasText(JsonField choice) {
        if (choice.get("text").isPresent()) {
            return !choice.get("text").string().isEmpty();
        }
        return choice.get("delta")
                .optional()
                .map(delta -> isFilled(delta, "content") || isFilled(delta, "reasoning_content"))
                .orElse(false);
    }

    private static boolean isFilled(JsonField delta, String member) {
        return delta.get(member).isPresent() && !delta.get(member).string().isEmpty();
    }

    private static TokenIds prompt(JsonField root, Optional<JsonField> choice) {
        JsonField whole = root.get("prompt_token_ids");
        return whole.isPresent()
                ? ids(whole)
                : choice.map(it -> ids(it.get("prompt_token_ids"))).orElse(TokenIds.EMPTY);
    }

    private static TokenIds ids(JsonField field) {
        return field.isPresent()
                ? TokenIds.owning(field.integers(0, Integer.MAX_VALUE))
                : TokenIds.EMPTY;
    }

    private static Usage usage(JsonField field) {
        JsonField details = field.get("prompt_tokens_details");
        int cached = details.isPresent() ? count(details.get("cached_tokens")) : 0;
        return new Usage(
                count(field.get("prompt_tokens")), cached, count(field.get("completion_tokens")));
    }

    private static int count(JsonField field) {
        return field.integerOr(0, 0, Integer.MAX_VALUE);
    }

    /// What kind of error it is, in a word that others of its kind share.
    static String errorType(JsonField error) {
        if (!error.isObject()) {
            return "error";
        }
        JsonField type = error.get("type");
        return type.isString() ? type.string() : "error";
    }
}
