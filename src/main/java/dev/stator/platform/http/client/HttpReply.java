package dev.stator.platform.http.client;

/// A whole answer.
///
/// @param body read as UTF-8, with U+FFFD for what is not
public record HttpReply(ResponseHead head, String body) {}
