package dev.stator.engine.remote.dialect;

import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.remote.dialect.AnswerStep.Verdict;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/// Reads the chunks of OpenAI's `/v1/completions`: choices, the usage, `[DONE]`.
///
/// An answer counts as finished once the reason has come, whatever happens behind it.
final class OpenAiAnswer implements AnswerReader {
    static final JsonLimits LIMITS = new JsonLimits(16, 16 << 20, 16 << 20, 64);
    private static final String DONE = "[DONE]";

    private final Function<JsonField, List<GeneratedToken>> tokensOf;
    private Optional<FinishReason> reason = Optional.empty();

    /// @param tokensOf what a choice brings
    OpenAiAnswer(Function<JsonField, List<GeneratedToken>> tokensOf) {
        this.tokensOf = tokensOf;
    }

    @Override
    public AnswerStep read(String data) {
        if (data.equals(DONE)) {
            return end("[DONE] came without a finish reason");
        }
        JsonField chunk = JsonField.root(Json.parse(data, LIMITS));
        Optional<JsonField> error = chunk.get("error").optional();
        if (error.isPresent()) {
            return AnswerStep.broken(EngineErrors.inStream(error.get(), FailureKind.INTERNAL));
        }
        List<JsonField> choices = chunk.get("choices").items();
        if (choices.isEmpty()) {
            return AnswerStep.tokens(cached(chunk), List.of());
        }
        return choice(choices.getFirst(), cached(chunk));
    }

    private AnswerStep choice(JsonField choice, OptionalInt cached) {
        List<GeneratedToken> tokens = tokensOf.apply(choice);
        if (reason.isPresent() && !tokens.isEmpty()) {
            throw new AnswerException("tokens came behind the finish reason");
        }
        Optional<JsonField> finish = choice.get("finish_reason").optional();
        if (finish.isEmpty()) {
            return AnswerStep.tokens(cached, tokens);
        }
        switch (finish.get().string()) {
            case "stop" -> reason = Optional.of(FinishReason.STOP);
            case "length" -> reason = Optional.of(FinishReason.LENGTH);
            default -> {
                return AnswerStep.brokenOff("its finish reason is " + finish.get().string());
            }
        }
        return AnswerStep.tokens(cached, tokens);
    }

    @Override
    public AnswerStep end(String how) {
        return reason.map(it -> AnswerStep.ending(OptionalInt.empty(), new Verdict.Finished(it)))
                .orElseGet(() -> AnswerStep.brokenOff(how));
    }

    private static OptionalInt cached(JsonField chunk) {
        return chunk.get("usage")
                .optional()
                .flatMap(it -> it.get("prompt_tokens_details").optional())
                .flatMap(it -> it.get("cached_tokens").optional())
                .map(it -> OptionalInt.of(it.integer(0, Integer.MAX_VALUE)))
                .orElse(OptionalInt.empty());
    }
}
