package dev.stator.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

class SelfVerifyingTokensTest {
    private static final TokenRange RANGE = new TokenRange(1000, 500);
    private static final TokenIds PROMPT = TokenIds.of(1, 2, 3);

    /// Computed by a Python program of ten lines from the formula alone.
    @Test
    void followTheFormula() {
        var tokens = new SelfVerifyingTokens(PROMPT, 42, RANGE);

        assertThat(new int[] {tokens.next(), tokens.next(), tokens.next(), tokens.next()})
                .containsExactly(1110, 1009, 1066, 1408);
    }

    @Test
    void promptAndOutputSoFarContinueTheSameWay() {
        var whole = new SelfVerifyingTokens(PROMPT, 42, RANGE);
        int first = whole.next();
        int second = whole.next();
        TokenIds moved = PROMPT.concat(TokenIds.of(first, second));

        assertThat(SelfVerifyingTokens.token(moved, 42, 0, RANGE)).isEqualTo(whole.next());
        assertThat(SelfVerifyingTokens.token(PROMPT, 42, 1, RANGE)).isEqualTo(second);
    }

    @Test
    void promptAndSeedMakeADifference() {
        assertThat(sequence(PROMPT, 42)).isNotEqualTo(sequence(PROMPT, 43));
        assertThat(sequence(PROMPT, 42)).isNotEqualTo(sequence(TokenIds.of(1, 2, 4), 42));
    }

    @Test
    void stayInTheirRange() {
        var tokens = new SelfVerifyingTokens(PROMPT, 1, new TokenRange(7, 3));
        for (int i = 0; i < 1000; i++) {
            assertThat(tokens.next()).isBetween(7, 9);
        }
        assertThatThrownBy(() -> new TokenRange(5, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int[] sequence(TokenIds prompt, long seed) {
        var tokens = new SelfVerifyingTokens(prompt, seed, RANGE);
        return new int[] {tokens.next(), tokens.next(), tokens.next(), tokens.next()};
    }

    /// By hand, as the class comment has it.
    @Test
    void anAdapterBeginsElsewhere() {
        var range = new TokenRange(0, Integer.MAX_VALUE);
        TokenIds prompt = TokenIds.of(5, 6, 7);
        var adapted = new SelfVerifyingTokens(prompt, 9, "é", range);
        TokenIds spelled = TokenIds.of(0xc3, 0xa9, 5, 6, 7); // its bytes in UTF-8 come first
        var same = new SelfVerifyingTokens(spelled, 9, range);
        int first = adapted.next();

        assertThat(first).isEqualTo(same.next());
        assertThat(first).isNotEqualTo(new SelfVerifyingTokens(prompt, 9, range).next());
        assertThat(first).isNotEqualTo(new SelfVerifyingTokens(prompt, 9, "e", range).next());
        assertThat(new SelfVerifyingTokens(prompt, 9, "", range).next())
                .isEqualTo(new SelfVerifyingTokens(prompt, 9, range).next());
    }
}
