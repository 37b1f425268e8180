package dev.stator.engine.simulated;

import dev.stator.tokens.SplitMix64;
import dev.stator.tokens.TokenIds;

import java.nio.charset.StandardCharsets;

/// The output of a simulated engine, which a client recomputes to see that nothing was lost,
/// repeated or mixed up.
///
/// ```
/// mix(x)       the finaliser of SplitMix64 (Stafford's variant 13)
/// state[0]     = mix(seed)                                             of the model itself
///              = mix(... mix(mix(seed) ^ (byte[0] + g)) ... ^ (byte[n] + g))     of an adapter,
///                its name's bytes in UTF-8 and g = 0x9e3779b97f4a7c15
/// state[p + 1] = mix(state[p] ^ (token[p] + 0x9e3779b97f4a7c15))      for prompt and output tokens
/// token[p]     = first + (unsigned high 32 bits of state[p]) * count / 2^32      behind the prompt
/// ```
///
/// A token depends on everything before it, as with a model: whoever continues a broken-off
/// generation by sending prompt and output so far as the new prompt gets the very same rest. Not
/// thread-safe.
public final class SelfVerifyingTokens {
    private final TokenRange range;
    private long state;

    /// The tokens that follow `prompt`, of the model itself.
    public SelfVerifyingTokens(TokenIds prompt, long seed, TokenRange range) {
        this(prompt, seed, "", range);
    }

    /// The tokens of an adapter; of the model itself by the empty name.
    public SelfVerifyingTokens(TokenIds prompt, long seed, String adapter, TokenRange range) {
        this.range = range;
        this.state = begin(seed, adapter);
        for (int i = 0; i < prompt.size(); i++) {
            state = append(state, prompt.get(i));
        }
    }

    /// Output token number `index` for this prompt and seed. O(prompt + index).
    public static int token(TokenIds prompt, long seed, int index, TokenRange range) {
        var tokens = new SelfVerifyingTokens(prompt, seed, range);
        for (int i = 0; i < index; i++) {
            tokens.next();
        }
        return tokens.next();
    }

    /// What the tokens of `sequence` behind the first `promptTokens` are drawn from: the high
    /// halves of the states before them, as unsigned 32-bit fractions. From these and the tokens
    /// themselves the range can be told.
    ///
    /// @param adapter empty for the model itself
    public static int[] fractions(TokenIds sequence, int promptTokens, long seed, String adapter) {
        int[] fractions = new int[sequence.size() - promptTokens];
        long state = begin(seed, adapter);
        for (int i = 0; i < sequence.size(); i++) {
            if (i >= promptTokens) {
                fractions[i - promptTokens] = (int) (state >>> 32);
            }
            state = append(state, sequence.get(i));
        }
        return fractions;
    }

    /// The next output token.
    public int next() {
        int token = token(state, range);
        state = append(state, token);
        return token;
    }

    static long begin(long seed, String adapter) {
        long state = SplitMix64.mix(seed);
        for (byte each : adapter.getBytes(StandardCharsets.UTF_8)) {
            state = append(state, Byte.toUnsignedInt(each));
        }
        return state;
    }

    static long append(long state, int token) {
        return SplitMix64.mix(state ^ (token + SplitMix64.GAMMA));
    }

    static int token(long state, TokenRange range) {
        return range.first() + (int) (((state >>> 32) * range.count()) >>> 32);
    }
}
