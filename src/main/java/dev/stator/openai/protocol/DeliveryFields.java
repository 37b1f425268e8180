package dev.stator.openai.protocol;

import dev.stator.platform.codec.JsonField;

/// In what form the client wants the output.
///
/// @param choices how many outputs of the same prompt
/// @param stream whether to send it as it comes about
/// @param includeUsage whether a stream ends with a chunk of token counts
/// @param tokenIds whether the ids of the tokens come with the text; `return_token_ids` in vLLM
public record DeliveryFields(int choices, boolean stream, boolean includeUsage, boolean tokenIds) {
    static final int CHOICES_MAX = 8;

    static DeliveryFields parse(JsonField body) {
        JsonField stream = body.get("stream");
        boolean streamed = stream.isPresent() && stream.bool();
        JsonField options = body.get("stream_options");
        JsonField tokenIds = body.get("return_token_ids");
        if (options.isPresent() && !streamed) {
            throw options.invalid("is only for requests with \"stream\": true");
        }
        return new DeliveryFields(
                body.get("n").integerOr(1, 1, CHOICES_MAX),
                streamed,
                options.isPresent()
                        && options.get("include_usage").isPresent()
                        && options.get("include_usage").bool(),
                tokenIds.isPresent() && tokenIds.bool());
    }
}
