package dev.stator.engine.remote.dialect;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What one event adds to an answer.
///
/// @param cachedTokens prompt tokens the server found in its cache, once it has said so
/// @param tokens in order; the verdict comes after them
public record AnswerStep(
        OptionalInt cachedTokens, List<GeneratedToken> tokens, Optional<Verdict> verdict) {
    static final AnswerStep NOTHING =
            new AnswerStep(OptionalInt.empty(), List.of(), Optional.empty());

    public AnswerStep {
        tokens = List.copyOf(tokens);
    }

    /// How an answer ends.
    public sealed interface Verdict {

        /// The server is done.
        record Finished(FinishReason reason) implements Verdict {}

        /// The request is done although the server is not: it has to be stopped.
        record Enough(FinishReason reason) implements Verdict {}

        /// The server says that it failed.
        record Broken(EngineFailure failure) implements Verdict {}
    }

    static AnswerStep tokens(OptionalInt cachedTokens, List<GeneratedToken> tokens) {
        return new AnswerStep(cachedTokens, tokens, Optional.empty());
    }

    static AnswerStep ending(OptionalInt cachedTokens, Verdict verdict) {
        return new AnswerStep(cachedTokens, List.of(), Optional.of(verdict));
    }

    static AnswerStep broken(EngineFailure failure) {
        return ending(OptionalInt.empty(), new Verdict.Broken(failure));
    }

    static AnswerStep brokenOff(String how) {
        return broken(EngineFailure.of(FailureKind.UNAVAILABLE, "the engine broke off: " + how));
    }
}
