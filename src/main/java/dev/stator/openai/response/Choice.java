package dev.stator.openai.response;

/// One finished output.
///
/// @param finishReason as the API words it, `stop` or `length`
public record Choice(Delta output, String finishReason) {}
