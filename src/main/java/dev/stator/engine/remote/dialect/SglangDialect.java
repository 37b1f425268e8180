package dev.stator.engine.remote.dialect;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.Optional;

/// SGLang's own `/generate`: token ids go in and come out.
///
/// The server stops at the model's end-of-sequence tokens too whenever a request has any stop
/// token. Its logprobs are those after temperature unless it is told otherwise, and it heeds the
/// seed only with `--enable-deterministic-inference`. An event holds only what is new with
/// `--incremental-streaming-output`, and all tokens so far without; both are understood. It does
/// not always notice that a client has left, so a cancelled request is aborted by name besides. The
/// rank goes by the older of its two names, which all releases understand.
public record SglangDialect() implements Dialect {
    public static final String NAME = "sglang";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String path() {
        return "/generate";
    }

    @Override
    public Optional<String> unsupported(GenerationRequest request) {
        return Optional.empty();
    }

    @Override
    public JsonObject body(GenerationRequest request, String wireId, int maxTokens) {
        String lora = request.namespace().loraName();
        String salt = request.namespace().cacheSalt();
        var body =
                new JsonObjectBuilder()
                        .put("rid", wireId)
                        .put("input_ids", Requested.ids(request.prompt()))
                        .put("stream", true)
                        .put("sampling_params", sampling(request, maxTokens));
        if (request.topLogprobs().isPresent()) {
            body.put("return_logprob", true);
            body.put("top_logprobs_num", request.topLogprobs().getAsInt());
            body.put("return_text_in_logprobs", false);
        }
        request.rank().ifPresent(it -> body.put("data_parallel_rank", it));
        if (!lora.isEmpty()) {
            body.put("lora_path", lora);
        }
        if (!salt.isEmpty()) {
            body.put("extra_key", salt);
        }
        return body.build();
    }

    /// `ignore_eos` makes the server look at no stop token at all.
    private static JsonObject sampling(GenerationRequest request, int maxTokens) {
        SamplingParams sampling = request.sampling();
        var stops = request.stops().stopTokenIds();
        var params =
                new JsonObjectBuilder()
                        .put("max_new_tokens", maxTokens)
                        .put("min_new_tokens", Math.min(request.stops().minTokens(), maxTokens))
                        .put("ignore_eos", stops.isEmpty())
                        .put("stop_token_ids", Requested.sorted(stops))
                        .put("skip_special_tokens", false);
        Requested.putSampling(params, sampling).put("sampling_seed", sampling.seed());
        if (!sampling.logitBias().isEmpty()) {
            params.put("logit_bias", Requested.logitBias(sampling));
        }
        return params.build();
    }

    @Override
    public boolean choosesRanks() {
        return true;
    }

    @Override
    public AnswerReader reader(GenerationRequest request, int maxTokens) {
        return new SglangAnswer(request.topLogprobs());
    }

    @Override
    public Optional<StopCall> stop(String wireId) {
        JsonObject body = new JsonObjectBuilder().put("rid", wireId).build();
        return Optional.of(new StopCall("/abort_request", body));
    }
}
