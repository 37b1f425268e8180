package dev.stator.openai.response;

/// Tokens of one request over all its choices.
///
/// @param cachedTokens prompt tokens that were not computed again
/// @param reasoningTokens completion tokens spent on reasoning
public record Usage(int promptTokens, int cachedTokens, int completionTokens, int reasoningTokens) {

    void append(StringBuilder out) {
        out.append("{\"prompt_tokens\":")
                .append(promptTokens)
                .append(",\"completion_tokens\":")
                .append(completionTokens)
                .append(",\"total_tokens\":")
                .append(promptTokens + completionTokens)
                .append(",\"prompt_tokens_details\":{\"cached_tokens\":")
                .append(cachedTokens)
                .append("},\"completion_tokens_details\":{\"reasoning_tokens\":")
                .append(reasoningTokens)
                .append("}}");
    }
}
