package dev.stator.openai.output;

import dev.stator.engine.GeneratedToken;
import dev.stator.model.tokenizer.IncrementalDetokenizer;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.openai.output.OutputRules.Reasoning;
import dev.stator.openai.response.Delta;
import dev.stator.openai.response.TokenEntry;
import dev.stator.tokens.TokenIds;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Turns the tokens of one generation into pieces of output. Owned by one thread at a time.
public final class OutputDecoder {
    private final Tokenizer tokenizer;
    private final OutputRules rules;
    private final IncrementalDetokenizer detokenizer;
    private final StopMatcher stops;
    private final @Nullable ReasoningSplitter splitter;
    private final @Nullable LogprobQueue logprobs;
    private long emittedChars;
    private int tokens;
    private int reasoningTokens;

    public OutputDecoder(Tokenizer tokenizer, OutputRules rules) {
        this.tokenizer = tokenizer;
        this.rules = rules;
        this.detokenizer = tokenizer.detokenizer(true);
        this.stops = new StopMatcher(rules.stopStrings());
        this.splitter =
                rules.reasoning() == Reasoning.NONE
                        ? null
                        : new ReasoningSplitter(rules.reasoning() == Reasoning.OPENED);
        this.logprobs = rules.logprobs() ? new LogprobQueue(tokenizer) : null;
    }

    /// What the client may see now that `token` has come; nothing after a stop string.
    public Delta accept(GeneratedToken token) {
        if (stops.isStopped()) {
            return Delta.NONE;
        }
        tokens++;
        boolean reasoned = splitter != null && splitter.isReasoning();
        boolean hidden = rules.hiddenTokens().contains(token.id());
        String text = hidden ? "" : detokenizer.append(token.id());
        if (logprobs != null && !hidden && !tokenizer.isSpecial(token.id())) {
            logprobs.add(token, text.length());
        }
        String certain = tokens <= rules.minTokens() ? text : stops.append(text);
        TokenIds ids = rules.tokenIds() ? TokenIds.of(token.id()) : TokenIds.EMPTY;
        Delta delta = emit(certain, ids, stops.isStopped());
        if (reasoned || (splitter != null && splitter.isReasoning())) {
            reasoningTokens++;
        }
        return delta;
    }

    /// What was held back, when the generation has ended without a stop string.
    public Delta finish() {
        if (stops.isStopped()) {
            return Delta.NONE;
        }
        String text = detokenizer.finish();
        return emit(stops.append(text) + stops.finish(), TokenIds.EMPTY, true);
    }

    /// Whether a stop string has ended the output.
    public boolean isStopped() {
        return stops.isStopped();
    }

    /// Tokens that have come, the hidden ones included.
    public int tokens() {
        return tokens;
    }

    public int reasoningTokens() {
        return reasoningTokens;
    }

    private Delta emit(String text, TokenIds ids, boolean last) {
        if (text.isEmpty() && ids.isEmpty() && !last) {
            return Delta.NONE;
        }
        emittedChars += text.length();
        if (splitter == null) {
            return logprobs == null && text.isEmpty() && ids.isEmpty()
                    ? Delta.NONE
                    : new Delta("", text, entries(last), ids);
        }
        splitter.append(text);
        if (last) {
            splitter.finish();
        }
        return new Delta(splitter.takeReasoning(), splitter.takeContent(), entries(last), ids);
    }

    private List<TokenEntry> entries(boolean last) {
        if (logprobs == null) {
            return List.of();
        }
        return last ? logprobs.takeLast(emittedChars) : logprobs.takeUpTo(emittedChars);
    }
}
