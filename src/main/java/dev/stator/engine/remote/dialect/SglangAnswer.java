package dev.stator.engine.remote.dialect;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.TokenLogprobs.Candidate;
import dev.stator.engine.remote.dialect.AnswerStep.Verdict;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads the events of SGLang's `/generate`.
///
/// `meta_info.completion_tokens` counts all tokens so far, which tells whether an event's lists
/// hold all of them or only the new ones.
final class SglangAnswer implements AnswerReader {
    private static final int INTERNAL_SERVER_ERROR = 500;

    private final OptionalInt topLogprobs;
    private int delivered;

    SglangAnswer(OptionalInt topLogprobs) {
        this.topLogprobs = topLogprobs;
    }

    @Override
    public AnswerStep read(String data) {
        if (data.equals("[DONE]")) {
            return end("[DONE] came without a finish reason");
        }
        JsonField event = JsonField.root(Json.parse(data, OpenAiAnswer.LIMITS));
        Optional<JsonField> error = event.get("error").optional();
        if (error.isPresent()) {
            FailureKind otherwise =
                    delivered == 0 ? FailureKind.INVALID_REQUEST : FailureKind.INTERNAL;
            return AnswerStep.broken(EngineErrors.inStream(error.get(), otherwise));
        }
        JsonField meta = event.get("meta_info");
        Optional<JsonField> finish = meta.get("finish_reason").optional();
        if (finish.isPresent() && finish.get().get("type").string().equals("abort")) {
            return AnswerStep.broken(aborted(finish.get()));
        }
        List<GeneratedToken> tokens = tokens(event.get("output_ids").items(), meta);
        return new AnswerStep(
                meta.get("cached_tokens")
                        .optional()
                        .map(it -> OptionalInt.of(it.integer(0, Integer.MAX_VALUE)))
                        .orElse(OptionalInt.empty()),
                tokens,
                finish.map(SglangAnswer::verdict));
    }

    private List<GeneratedToken> tokens(List<JsonField> ids, JsonField meta) {
        int total = meta.get("completion_tokens").integer(0, Integer.MAX_VALUE);
        List<JsonField> fresh = fresh(ids, total);
        List<JsonField> logprobs = List.of();
        List<JsonField> alternatives = List.of();
        if (topLogprobs.isPresent()) {
            logprobs = fresh(meta.get("output_token_logprobs").items(), total);
        }
        if (topLogprobs.orElse(0) > 0) {
            alternatives = fresh(meta.get("output_top_logprobs").items(), total);
        }
        List<GeneratedToken> tokens = new ArrayList<>();
        for (int i = 0; i < fresh.size(); i++) {
            int id = Requested.tokenId(fresh.get(i));
            Optional<TokenLogprobs> known = Optional.empty();
            if (topLogprobs.isPresent()) {
                List<Candidate> candidates =
                        alternatives.isEmpty() ? List.of() : candidates(alternatives.get(i));
                known =
                        Optional.of(
                                Requested.logprobs(
                                        candidate(logprobs.get(i)).logprob(),
                                        candidates,
                                        topLogprobs.getAsInt()));
            }
            tokens.add(new GeneratedToken(id, known));
        }
        delivered = total;
        return tokens;
    }

    /// What of a list is new, be it the list of all or of the new ones.
    private List<JsonField> fresh(List<JsonField> items, int total) {
        if (items.size() == total && total >= delivered) {
            return items.subList(delivered, total);
        }
        if (delivered + items.size() == total) {
            return items;
        }
        throw new AnswerException(
                "%d of %d tokens in a list of %d".formatted(delivered, total, items.size()));
    }

    private static List<Candidate> candidates(JsonField alternatives) {
        return alternatives.items().stream().map(SglangAnswer::candidate).toList();
    }

    /// `[logprob, id, text or null]`.
    private static Candidate candidate(JsonField triple) {
        List<JsonField> items = triple.items();
        if (items.size() < 2) {
            throw triple.invalid("must be [logprob, token id]");
        }
        return new Candidate(Requested.tokenId(items.get(1)), (float) items.get(0).number());
    }

    private static Verdict verdict(JsonField finish) {
        String type = finish.get("type").string();
        return switch (type) {
            case "stop" -> new Verdict.Finished(FinishReason.STOP);
            case "length" -> new Verdict.Finished(FinishReason.LENGTH);
            default -> throw finish.get("type").invalid("must be stop, length or abort");
        };
    }

    private static EngineFailure aborted(JsonField finish) {
        String message =
                finish.get("message").optional().map(JsonField::string).orElse("no message");
        int status =
                finish.get("status_code")
                        .optional()
                        .map(it -> it.integer(0, 999))
                        .orElse(INTERNAL_SERVER_ERROR);
        EngineFailure failure = EngineErrors.of(status, message);
        return new EngineFailure(
                failure.kind(), "the engine aborted: " + failure.message(), failure.retryAfter());
    }

    @Override
    public AnswerStep end(String how) {
        return AnswerStep.brokenOff(how);
    }
}
