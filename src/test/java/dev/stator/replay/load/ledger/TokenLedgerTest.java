package dev.stator.replay.load.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

class TokenLedgerTest {
    private static final TokenRange RANGE = new TokenRange(300, 50_000);
    private static final TokenIds PROMPT = TokenIds.of(1, 2, 3);
    private static final int LENGTH = 40;

    private static SelfVerifyingTokens sequence() {
        return new SelfVerifyingTokens(PROMPT, 9, RANGE);
    }

    private static List<Integer> reference() {
        SelfVerifyingTokens sequence = sequence();
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < LENGTH; i++) {
            tokens.add(sequence.next());
        }
        return tokens;
    }

    private static Discrepancies found(List<Integer> output, int promised) {
        var ledger = new TokenLedger(sequence());
        output.forEach(ledger::accept);
        return ledger.end(promised);
    }

    @Test
    void theSequenceItselfAndItsBeginningsAreFaultless() {
        assertThat(found(reference(), LENGTH)).isEqualTo(Discrepancies.NONE);
        assertThat(found(reference().subList(0, 7), 0)).isEqualTo(Discrepancies.NONE);
    }

    @Test
    void aMissingTokenIsLost() {
        List<Integer> output = reference();
        output.subList(5, 8).clear();
        output.subList(20, 21).clear();

        assertThat(found(output, LENGTH)).isEqualTo(new Discrepancies(4, 0, 0, 0));
    }

    @Test
    void aMissingEndIsLost() {
        assertThat(found(reference().subList(0, 30), LENGTH))
                .isEqualTo(new Discrepancies(10, 0, 0, 0));
    }

    @Test
    void aTokenThatComesAgainIsRepeated() {
        List<Integer> output = reference();
        output.addAll(10, output.subList(4, 10).stream().toList());

        assertThat(found(output, LENGTH)).isEqualTo(new Discrepancies(0, 6, 0, 0));
    }

    @Test
    void tokensThatChangePlacesAreReordered() {
        List<Integer> output = reference();
        Collections.swap(output, 8, 9);

        assertThat(found(output, LENGTH)).isEqualTo(new Discrepancies(0, 0, 1, 0));
    }

    @Test
    void aTokenOfAnotherSequenceIsWrong() {
        List<Integer> output = reference();
        output.set(3, 299);

        assertThat(found(output, LENGTH)).isEqualTo(new Discrepancies(0, 0, 0, 1));
    }

    @Test
    void theOutputOfAnotherPromptIsWrongAllThrough() {
        var other = new SelfVerifyingTokens(TokenIds.of(4), 9, RANGE);
        List<Integer> output = new ArrayList<>();
        for (int i = 0; i < LENGTH; i++) {
            output.add(other.next());
        }

        assertThat(found(output, LENGTH).wrong()).isGreaterThan(LENGTH - 3);
    }

    /// Whatever is done to an output, it is noticed.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void noDamageGoesUnnoticed(long seed) {
        var random = new SplittableRandom(seed);
        List<Integer> output = reference();
        int at = random.nextInt(LENGTH - 1);
        switch (random.nextInt(4)) {
            case 0 -> output.subList(at, at + 1).clear();
            case 1 -> output.add(at, output.get(random.nextInt(at + 1)));
            case 2 -> Collections.swap(output, at, at + 1);
            default -> output.set(at, output.get(at) + 1);
        }

        assertThat(found(output, LENGTH).total()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void aSimulatedEngineIsKnownByItsOutput(long seed) {
        var random = new SplittableRandom(seed);
        var range = new TokenRange(random.nextInt(2_000), 2 + random.nextInt(200_000));
        String adapter = random.nextBoolean() ? "" : "adapter-" + seed;
        var sequence = new SelfVerifyingTokens(PROMPT, seed, adapter, range);
        int[] output = random.ints(64).map(_ -> sequence.next()).toArray();

        assertThat(find(adapter, seed, output)).contains(new Simulation(range, adapter));
        assertThat(find(adapter + "x", seed, output)).isEmpty();
        output[40]++;
        assertThat(find(adapter, seed, output)).isEmpty();
    }

    private static Optional<Simulation> find(String adapter, long seed, int... output) {
        return SimulationFinder.find(adapter, PROMPT, seed, TokenIds.of(output));
    }

    @Test
    void aModelIsNoSimulation() {
        int[] output = new SplittableRandom(3).ints(64, 0, 32_000).toArray();

        assertThat(find("", 1, output)).isEmpty();
        assertThat(find("", 1)).isEmpty();
    }
}
