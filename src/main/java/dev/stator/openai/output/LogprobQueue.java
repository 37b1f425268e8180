package dev.stator.openai.output;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.TokenLogprobs;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.openai.response.TokenEntry;
import dev.stator.openai.response.TokenText;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Holds the entries of tokens back until their text has left. Owned by one thread.
///
/// Positions count the characters of the output before anything is cut off or split.
final class LogprobQueue {
    private final Tokenizer tokenizer;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long end;

    private record Waiting(TokenEntry entry, long start, long end) {}

    LogprobQueue(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// A token came that added so many characters; tokens without logprobs have no entry.
    void add(GeneratedToken token, int chars) {
        long start = end;
        end += chars;
        token.logprobs()
                .ifPresent(
                        logprobs ->
                                waiting.add(new Waiting(entry(token.id(), logprobs), start, end)));
    }

    /// The entries whose text lies before `position`.
    List<TokenEntry> takeUpTo(long position) {
        List<TokenEntry> taken = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.getFirst().end() <= position) {
            taken.add(waiting.removeFirst().entry());
        }
        return taken;
    }

    /// The entries whose text begins before `position`; the others are dropped.
    List<TokenEntry> takeLast(long position) {
        List<TokenEntry> taken = new ArrayList<>();
        for (Waiting next : waiting) {
            if (next.start() < position) {
                taken.add(next.entry());
            }
        }
        waiting.clear();
        return taken;
    }

    private TokenEntry entry(int id, TokenLogprobs logprobs) {
        List<TokenEntry.Alternative> top =
                logprobs.top().stream()
                        .map(c -> new TokenEntry.Alternative(text(c.id()), c.logprob()))
                        .toList();
        return new TokenEntry(text(id), logprobs.logprob(), top);
    }

    private TokenText text(int id) {
        return TokenText.of(tokenizer.bytes(id));
    }
}
