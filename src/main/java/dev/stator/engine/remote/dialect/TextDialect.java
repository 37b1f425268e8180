package dev.stator.engine.remote.dialect;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.tokens.TokenIds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// OpenAI's completions with a server that knows nothing but text; the last resort.
///
/// The prompt is sent as text, and each piece of text that comes back is tokenized by itself. So
/// the tokens delivered spell the answer but need not be those the server sampled, their number
/// need not be the server's, no stop token comes, and the server may put a begin-of-text token
/// before a prompt that has one. Stop tokens are the server's own. What has no place in text is
/// refused.
///
/// @param model the name the server serves
public record TextDialect(String model, Tokenizer tokenizer) implements Dialect {
    public static final String NAME = "text";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String path() {
        return "/v1/completions";
    }

    @Override
    public boolean countsExactly() {
        return false;
    }

    @Override
    public Optional<String> unsupported(GenerationRequest request) {
        if (request.topLogprobs().isPresent()) {
            return Optional.of("this engine knows no logprobs by token");
        }
        if (request.stops().minTokens() > 0) {
            return Optional.of("this engine knows no min_tokens");
        }
        return Optional.empty();
    }

    /// Members beyond OpenAI's are sent only where they change something.
    @Override
    public JsonObject body(GenerationRequest request, String wireId, int maxTokens) {
        SamplingParams sampling = request.sampling();
        String lora = request.namespace().loraName();
        var body =
                new JsonObjectBuilder()
                        .put("model", lora.isEmpty() ? model : lora)
                        .put("prompt", tokenizer.decode(request.prompt(), false))
                        .put("stream", true)
                        .put(
                                "stream_options",
                                new JsonObjectBuilder().put("include_usage", true).build())
                        .put("max_tokens", maxTokens)
                        .put("temperature", sampling.temperature())
                        .put("top_p", sampling.topP())
                        .put("frequency_penalty", sampling.frequencyPenalty())
                        .put("presence_penalty", sampling.presencePenalty())
                        .put("seed", sampling.seed());
        if (sampling.topK() > 0) {
            body.put("top_k", sampling.topK());
        }
        if (sampling.minP() > 0) {
            body.put("min_p", sampling.minP());
        }
        if (sampling.repetitionPenalty() != 1) {
            body.put("repetition_penalty", sampling.repetitionPenalty());
        }
        if (!sampling.logitBias().isEmpty()) {
            body.put("logit_bias", Requested.logitBias(sampling));
        }
        return body.build();
    }

    @Override
    public AnswerReader reader(GenerationRequest request, int maxTokens) {
        return new OpenAiAnswer(this::tokens);
    }

    private List<GeneratedToken> tokens(JsonField choice) {
        TokenIds ids = tokenizer.encode(choice.get("text").string(), false);
        List<GeneratedToken> tokens = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            tokens.add(GeneratedToken.of(ids.get(i)));
        }
        return tokens;
    }
}
