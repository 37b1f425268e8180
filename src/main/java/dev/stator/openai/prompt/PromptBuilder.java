package dev.stator.openai.prompt;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.model.GenerationDefaults;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.openai.protocol.ChatCompletionRequest;
import dev.stator.openai.protocol.CompletionFields;
import dev.stator.openai.protocol.InvalidRequest;
import dev.stator.openai.protocol.LengthFields;
import dev.stator.openai.protocol.SamplingFields;
import dev.stator.openai.protocol.TextCompletionRequest;
import dev.stator.openai.protocol.TextCompletionRequest.Prompt;
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

    /// Output of a text completion that names no limit, as OpenAI has it.
    private static final int TEXT_TOKENS = 16;

    private final PromptTemplate template;
    private final Tokenizer tokenizer;
    private final GenerationDefaults defaults;
    private final int contextLengthTokens;
    private final LongSupplier seeds;
    private final String adapter; // empty for the model itself

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
        this.adapter = "";
    }

    private PromptBuilder(PromptBuilder model, String adapter) {
        this.template = model.template;
        this.tokenizer = model.tokenizer;
        this.defaults = model.defaults;
        this.contextLengthTokens = model.contextLengthTokens;
        this.seeds = model.seeds;
        this.adapter = adapter;
    }

    /// The same for an adapter of the model; for the model itself by the empty name.
    public PromptBuilder forAdapter(String name) {
        return name.equals(adapter) ? this : new PromptBuilder(this, name);
    }

    /// One generation per choice, all of the same prompt. Throws `InvalidRequest`.
    ///
    /// @param id of the request; the choices after the first get a suffix
    public PreparedPrompt prepare(String id, ChatCompletionRequest request) {
        String text = template.render(request);
        TokenIds prompt = tokenizer.encode(text, false);
        int room = room(prompt, "messages");
        return new PreparedPrompt(
                generations(
                        id, prompt, stops(request.fields().length(), room, room), request.fields()),
                text.stripTrailing().endsWith(THINK));
    }

    /// The same for a prompt that is continued as it stands. Throws `InvalidRequest`.
    public PreparedPrompt prepare(String id, TextCompletionRequest request) {
        TokenIds prompt =
                switch (request.prompt()) {
                    case Prompt.Text(var text) -> tokenizer.encode(text, true);
                    case Prompt.Tokens(var ids) -> checked(ids);
                };
        int room = room(prompt, "prompt");
        StopConditions stops = stops(request.fields().length(), Math.min(room, TEXT_TOKENS), room);
        return new PreparedPrompt(generations(id, prompt, stops, request.fields()), false);
    }

    private TokenIds checked(TokenIds ids) {
        for (int i = 0; i < ids.size(); i++) {
            refuseUnknownToken("prompt", ids.get(i));
        }
        return ids;
    }

    private List<GenerationRequest> generations(
            String id, TokenIds prompt, StopConditions stops, CompletionFields fields) {
        long seed = fields.sampling().seed().orElseGet(seeds);
        List<GenerationRequest> generations = new ArrayList<>();
        for (int choice = 0; choice < fields.delivery().choices(); choice++) {
            generations.add(
                    new GenerationRequest(
                            choice == 0 ? id : id + "-" + choice,
                            prompt,
                            sampling(fields.sampling(), derived(seed, choice)),
                            stops,
                            fields.topLogprobs(),
                            new CacheNamespace(adapter, fields.cacheSalt()),
                            fields.hints()));
        }
        return generations;
    }

    /// Tokens the output may have, at least one.
    private int room(TokenIds prompt, String param) {
        if (prompt.isEmpty()) {
            throw new InvalidRequest("the prompt is empty", param, "");
        }
        int room = contextLengthTokens - prompt.size();
        if (room < 1) {
            throw new InvalidRequest(
                    "the prompt has %d tokens, which leaves no room in the model's context of %d"
                            .formatted(prompt.size(), contextLengthTokens),
                    param,
                    "context_length_exceeded");
        }
        return room;
    }

    private StopConditions stops(LengthFields length, int usual, int room) {
        Set<Integer> ids = new HashSet<>(length.stopTokenIds());
        if (!length.ignoreEos()) {
            ids.addAll(defaults.eosTokenIds());
        }
        int maxTokens = Math.min(room, length.maxTokens().orElse(usual));
        return new StopConditions(maxTokens, Math.min(maxTokens, length.minTokens()), ids);
    }

    private SamplingParams sampling(SamplingFields fields, long seed) {
        boolean greedy = !defaults.doSample().orElse(true);
        double temperature =
                fields.temperature().orElse(greedy ? 0 : defaults.temperature().orElse(1));
        fields.logitBias().keySet().forEach(id -> refuseUnknownToken("logit_bias", id));
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

    private void refuseUnknownToken(String param, int id) {
        if (id >= tokenizer.vocabularySize()) {
            throw new InvalidRequest(
                    "'%s' names token %d of a vocabulary of %d"
                            .formatted(param, id, tokenizer.vocabularySize()),
                    param,
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
