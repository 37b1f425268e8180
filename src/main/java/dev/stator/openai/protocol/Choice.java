package dev.stator.openai.protocol;

/// One finished output.
///
/// @param finishReason as the API words it, `stop` or `length`
public record Choice(Delta output, String finishReason) {}
