package dev.stator.engine;

import java.util.Optional;

/// One sampled token.
///
/// @param logprobs present when the request asked for them
public record GeneratedToken(int id, Optional<TokenLogprobs> logprobs) {

    public static GeneratedToken of(int id) {
        return new GeneratedToken(id, Optional.empty());
    }
}
