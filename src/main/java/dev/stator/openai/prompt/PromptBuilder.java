package dev.stator.openai.prompt;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.model.GenerationDefaults;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.openai.protocol.ChatCompletionRequest;
import dev.stator.openai.protocol.InvalidRequest;
import dev.stator.openai.protocol.LengthFields;
import dev.stator.openai.protocol.SamplingFields;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/// Turns the requests for one model into what its engine takes. Thread-safe.
public final class PromptBuilder {
    private static final String THINK = "<think>";

    private final PromptTemplate template;
    private final Tokenizer tokenizer;
    private final GenerationDefaults defaults;
    private final int contextLengthTokens;
    private final LongSupplier seeds;

    /// @param seeds for requests that bring none
    public PromptBuilder(
            PromptTemplate template,
            Tokenizer tokenizer,
            GenerationDefaults defaults,
            int contextLengthTokens,
            LongSupplier seeds) {
        this.template = template;
        this.tokenizer = tokenizer;
        this.defaults = defaults;
        this.contextLengthTokens = contextLengthTokens;
        this.seeds = seeds;
    }

    /// One generation per choice, all of the same prompt. Throws `InvalidRequest`.
    ///
    /// @param id of the request; the choices after the first get a suffix
    public PreparedPrompt prepare(String id, ChatCompletionRequest request) {
        String text = template.render(request);
        TokenIds prompt = tokenizer.encode(text, false);
        if (prompt.isEmpty()) {
            throw new InvalidRequest("the prompt is empty", "messages", "");
        }
        int room = contextLengthTokens - prompt.size();
        if (room < 1) {
            throw tooLong(prompt.size());
        }
        StopConditions stops = stops(request.length(), room);
        long seed = request.sampling().seed().orElseGet(seeds);
        List<GenerationRequest> generations = new ArrayList<>();
        for (int choice = 0; choice < request.delivery().choices(); choice++) {
            generations.add(
                    new GenerationRequest(
                            choice == 0 ? id : id + "-" + choice,
                            prompt,
                            sampling(request.sampling(), derived(seed, choice)),
                            stops,
                            request.topLogprobs(),
                            new CacheNamespace("", request.cacheSalt())));
        }
        return new PreparedPrompt(generations, text.stripTrailing().endsWith(THINK));
    }

    private InvalidRequest tooLong(int promptTokens) {
        return new InvalidRequest(
                "the prompt has %d tokens, which leaves no room in the model's context of %d"
                        .formatted(promptTokens, contextLengthTokens),
                "messages",
                "context_length_exceeded");
    }

    private StopConditions stops(LengthFields length, int room) {
        Set<Integer> ids = new HashSet<>(length.stopTokenIds());
        if (!length.ignoreEos()) {
            ids.addAll(defaults.eosTokenIds());
        }
        int maxTokens = Math.min(room, length.maxTokens().orElse(room));
        return new StopConditions(maxTokens, Math.min(maxTokens, length.minTokens()), ids);
    }

    private SamplingParams sampling(SamplingFields fields, long seed) {
        boolean greedy = !defaults.doSample().orElse(true);
        double temperature =
                fields.temperature().orElse(greedy ? 0 : defaults.temperature().orElse(1));
        fields.logitBias()
                .keySet()
                .forEach(id -> refuseUnknownToken(id, tokenizer.vocabularySize()));
        return new SamplingParams(
                temperature,
                Math.max(0, fields.topK().orElse(defaults.topK().orElse(0))),
                fields.topP().orElse(positive(defaults.topP().orElse(1))),
                fields.minP().orElse(defaults.minP().orElse(0)),
                fields.frequencyPenalty().orElse(0),
                fields.presencePenalty().orElse(0),
                fields.repetitionPenalty().orElse(positive(defaults.repetitionPenalty().orElse(1))),
                seed,
                fields.logitBias());
    }

    private static void refuseUnknownToken(int id, int vocabularySize) {
        if (id >= vocabularySize) {
            throw new InvalidRequest(
                    "'logit_bias' names token %d of a vocabulary of %d"
                            .formatted(id, vocabularySize),
                    "logit_bias",
                    "");
        }
    }

    /// A model file may say 0 where it means "not used".
    private static double positive(double value) {
        return value > 0 ? value : 1;
    }

    /// The first choice has the client's own seed; the others are spread by the golden ratio.
    private static long derived(long seed, int choice) {
        return seed + choice * 0x9E3779B97F4A7C15L;
    }
}
