package dev.stator.engine.remote.dialect;

import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.TokenLogprobs.Candidate;
import dev.stator.engine.remote.dialect.AnswerStep.Verdict;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.tokens.TokenIds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads the events of llama.cpp's `/completion`.
///
/// `tokens_predicted` is what counts. An event of the prompt's progress carries a token that is
/// none, and does not move the count. A token that ends inside of a character gets no event: the
/// next one moves the count by more than it has ids, and its text is that of all of them. When the
/// answer ends inside of a character, its last tokens never come; it ends with those that did.
final class LlamaCppAnswer implements AnswerReader {
    private final GenerationRequest request;
    private final int maxTokens;
    private final WithheldTokens withheld;
    private int counted;
    private Optional<FinishReason> enough = Optional.empty();

    LlamaCppAnswer(GenerationRequest request, int maxTokens, WithheldTokens withheld) {
        this.request = request;
        this.maxTokens = maxTokens;
        this.withheld = withheld;
    }

    @Override
    public AnswerStep read(String data) {
        JsonField event = JsonField.root(Json.parse(data, OpenAiAnswer.LIMITS));
        Optional<JsonField> error = event.get("error").optional();
        if (error.isPresent()) {
            return AnswerStep.broken(EngineErrors.inStream(error.get(), FailureKind.INTERNAL));
        }
        if (event.get("stop").bool()) {
            return last(event);
        }
        if (enough.isPresent()) {
            return AnswerStep.ending(OptionalInt.empty(), new Verdict.Enough(enough.get()));
        }
        OptionalInt cached = number(event.get("prompt_progress"), "cache");
        int predicted = event.get("tokens_predicted").integer(0, Integer.MAX_VALUE);
        if (predicted <= counted) {
            return AnswerStep.tokens(cached, List.of());
        }
        return AnswerStep.tokens(cached, tokens(event, predicted));
    }

    private List<GeneratedToken> tokens(JsonField event, int predicted) {
        int advance = predicted - counted;
        List<Integer> ids = ids(event, advance);
        counted = predicted;
        List<GeneratedToken> tokens = new ArrayList<>();
        for (int i = 0; i < ids.size() && enough.isEmpty(); i++) {
            boolean last = i == ids.size() - 1;
            tokens.add(new GeneratedToken(ids.get(i), last ? logprobs(event) : Optional.empty()));
            if (request.stops().stopTokenIds().contains(ids.get(i))) {
                enough = Optional.of(FinishReason.STOP);
            } else if (counted - ids.size() + i + 1 == maxTokens) {
                enough = Optional.of(FinishReason.LENGTH);
            }
        }
        return tokens;
    }

    private List<Integer> ids(JsonField event, int advance) {
        List<Integer> sent = event.get("tokens").items().stream().map(Requested::tokenId).toList();
        if (sent.size() == advance) {
            return sent;
        }
        if (sent.size() != 1) {
            throw new AnswerException("%d token ids for %d tokens".formatted(sent.size(), advance));
        }
        TokenIds told = withheld.tell(event.get("content").string(), advance, sent.getFirst());
        List<Integer> ids = new ArrayList<>();
        for (int id : told.toArray()) {
            ids.add(id);
        }
        return ids;
    }

    private Optional<TokenLogprobs> logprobs(JsonField event) {
        if (request.topLogprobs().isEmpty()) {
            return Optional.empty();
        }
        List<JsonField> sampled = event.get("completion_probabilities").items();
        if (sampled.isEmpty()) {
            throw new AnswerException("no logprobs");
        }
        JsonField token = sampled.getLast();
        List<Candidate> candidates =
                token.get("top_logprobs").items().stream()
                        .map(
                                it ->
                                        new Candidate(
                                                Requested.tokenId(it.get("id")),
                                                (float) it.get("logprob").number()))
                        .toList();
        return Optional.of(
                Requested.logprobs(
                        token.get("logprob").number(),
                        candidates,
                        request.topLogprobs().getAsInt()));
    }

    private AnswerStep last(JsonField event) {
        FinishReason reason =
                switch (event.get("stop_type").string()) {
                    case "eos", "word" -> FinishReason.STOP;
                    case "limit" -> FinishReason.LENGTH;
                    default -> throw event.get("stop_type").invalid("must be eos, word or limit");
                };
        return AnswerStep.ending(
                number(event.get("timings"), "cache_n"),
                new Verdict.Finished(enough.orElse(reason)));
    }

    private static OptionalInt number(JsonField object, String name) {
        return object.optional()
                .flatMap(it -> it.get(name).optional())
                .map(it -> OptionalInt.of(it.integer(0, Integer.MAX_VALUE)))
                .orElse(OptionalInt.empty());
    }

    @Override
    public AnswerStep end(String how) {
        return enough.map(it -> AnswerStep.ending(OptionalInt.empty(), new Verdict.Finished(it)))
                .orElseGet(() -> AnswerStep.brokenOff(how));
    }
}
