package dev.stator.openai.protocol;

import dev.stator.platform.codec.JsonField;

import java.util.OptionalInt;

/// What every kind of completion request may say besides its prompt.
///
/// @param topLogprobs alternatives per token, 0 for none besides the sampled; empty for no logprobs
/// @param cacheSalt keeps equal prompts of others from sharing cached blocks; empty for none
public record CompletionFields(
        SamplingFields sampling,
        LengthFields length,
        DeliveryFields delivery,
        OptionalInt topLogprobs,
        String cacheSalt) {
    static final int SALT_CHARS_MAX = 256;

    static CompletionFields parse(JsonField body, OptionalInt topLogprobs) {
        return new CompletionFields(
                SamplingFields.parse(body),
                LengthFields.parse(body),
                DeliveryFields.parse(body),
                topLogprobs,
                cacheSalt(body.get("cache_salt")));
    }

    private static String cacheSalt(JsonField field) {
        if (!field.isPresent()) {
            return "";
        }
        String salt = field.string();
        if (salt.length() > SALT_CHARS_MAX) {
            throw field.invalid("must have at most " + SALT_CHARS_MAX + " characters");
        }
        return salt;
    }
}
