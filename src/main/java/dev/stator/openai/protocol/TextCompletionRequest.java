package dev.stator.openai.protocol;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.tokens.TokenIds;

import java.util.List;
import java.util.OptionalInt;

/// The body of `POST /v1/completions`: a prompt that is continued as it stands.
public record TextCompletionRequest(String model, Prompt prompt, CompletionFields fields) {
    static final int TOP_LOGPROBS_MAX = 5;

    /// Words or ready tokens.
    public sealed interface Prompt {
        record Text(String text) implements Prompt {}

        record Tokens(TokenIds ids) implements Prompt {}
    }

    /// Reads and checks a body; unknown members are ignored. Throws `InvalidRequest`.
    public static TextCompletionRequest parse(byte[] utf8) {
        return parse(utf8, HintSource.BODY);
    }

    /// The same for a request whose headers may hold hints. Throws `InvalidRequest`.
    public static TextCompletionRequest parse(byte[] utf8, HintSource source) {
        return InvalidRequest.whenMalformed(
                () -> parse(JsonField.root(Json.parse(utf8, JsonLimits.REQUEST)), source));
    }

    private static TextCompletionRequest parse(JsonField body, HintSource source) {
        String model = body.get("model").string();
        JsonField echo = body.get("echo");
        if (echo.isPresent() && echo.bool()) {
            throw echo.invalid("is not supported");
        }
        if (body.get("suffix").isPresent()) {
            throw body.get("suffix").invalid("is not supported");
        }
        CompletionFields fields =
                CompletionFields.parse(body, topLogprobs(body.get("logprobs")), source);
        JsonField bestOf = body.get("best_of");
        int choices = fields.delivery().choices();
        if (bestOf.isPresent() && bestOf.integer(1, Integer.MAX_VALUE) != choices) {
            throw bestOf.invalid("is not supported unless it equals n, which is " + choices);
        }
        return new TextCompletionRequest(model, prompt(body.get("prompt")), fields);
    }

    /// A string, an array of ids, or an array with one of these.
    private static Prompt prompt(JsonField field) {
        if (field.isString()) {
            return new Prompt.Text(field.string());
        }
        if (!field.isArray()) {
            throw field.invalid("must be a string or an array of token ids");
        }
        List<JsonField> items = field.items();
        if (items.isEmpty()) {
            throw field.invalid("must not be empty");
        }
        JsonField first = items.getFirst();
        if (first.isString() || first.isArray()) {
            if (items.size() > 1) {
                throw new InvalidRequest("'prompt' must hold one prompt", "prompt", "");
            }
            return first.isString() ? new Prompt.Text(first.string()) : tokens(first);
        }
        return tokens(field);
    }

    private static Prompt tokens(JsonField field) {
        return new Prompt.Tokens(TokenIds.owning(field.integers(0, Integer.MAX_VALUE)));
    }

    private static OptionalInt topLogprobs(JsonField field) {
        return field.isPresent()
                ? OptionalInt.of(field.integer(0, TOP_LOGPROBS_MAX))
                : OptionalInt.empty();
    }
}
