package dev.stator.openai.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.TokenLogprobs;
import dev.stator.openai.output.OutputRules.Reasoning;
import dev.stator.openai.response.Delta;
import dev.stator.openai.response.TokenEntry;
import dev.stator.testing.ByteTokenizer;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

class OutputDecoderTest {
    private final ByteTokenizer tokenizer = new ByteTokenizer();

    private static OutputRules rules(List<String> stops, Reasoning reasoning, boolean logprobs) {
        return new OutputRules(stops, 0, Set.of(ByteTokenizer.END), reasoning, logprobs, false);
    }

    private static GeneratedToken token(int id) {
        var logprobs = new TokenLogprobs(-1, List.of(new TokenLogprobs.Candidate(id, -1)));
        return new GeneratedToken(id, Optional.of(logprobs));
    }

    /// Feeds the bytes of `text` and the end, unless a stop string comes before.
    private static List<Delta> decode(OutputDecoder decoder, String text) {
        List<Delta> deltas = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            deltas.add(decoder.accept(token(b & 0xff)));
            if (decoder.isStopped()) {
                return deltas;
            }
        }
        deltas.add(decoder.accept(token(ByteTokenizer.END)));
        deltas.add(decoder.finish());
        return deltas;
    }

    private static String content(List<Delta> deltas) {
        return String.join("", deltas.stream().map(Delta::content).toList());
    }

    private static String bytes(List<TokenEntry> entries) {
        var text = new StringBuilder();
        entries.forEach(entry -> text.append(entry.token().text()));
        return text.toString();
    }

    private static List<TokenEntry> entries(List<Delta> deltas) {
        return deltas.stream().flatMap(delta -> delta.logprobs().stream()).toList();
    }

    @Test
    void charactersLeaveWholeAndTheStopTokenNot() {
        var decoder = new OutputDecoder(tokenizer, rules(List.of(), Reasoning.NONE, false));
        List<Delta> deltas = decode(decoder, "né😀");

        assertThat(deltas.stream().map(Delta::content).filter(text -> !text.isEmpty()))
                .containsExactly("n", "é", "😀");
        assertThat(decoder.tokens()).isEqualTo(8);
        assertThat(entries(deltas)).isEmpty();
    }

    @Test
    void aStopStringEndsTheOutput() {
        var decoder = new OutputDecoder(tokenizer, rules(List.of("\n\n"), Reasoning.NONE, true));
        List<Delta> deltas = decode(decoder, "one\ntwo\n\nthree");

        assertThat(content(deltas)).isEqualTo("one\ntwo");
        assertThat(decoder.isStopped()).isTrue();
        assertThat(decoder.tokens()).isEqualTo(9);
        assertThat(decoder.finish()).isEqualTo(Delta.NONE);
        assertThat(bytes(entries(deltas))).isEqualTo("one\ntwo");
    }

    @Test
    void stopStringsAreNotLookedForBeforeTheFewestTokens() {
        var rules = new OutputRules(List.of("a"), 3, Set.of(), Reasoning.NONE, false, false);
        var decoder = new OutputDecoder(tokenizer, rules);

        assertThat(content(decode(decoder, "aaaa"))).isEqualTo("aaa");
    }

    @Test
    void tokensAreNamedAsTheyComeEvenWhileTheirTextIsHeldBack() {
        var rules =
                new OutputRules(
                        List.of(), 0, Set.of(ByteTokenizer.END), Reasoning.NONE, false, true);
        List<Delta> deltas = decode(new OutputDecoder(tokenizer, rules), "né");

        assertThat(deltas.stream().map(Delta::tokens))
                .containsExactly(
                        TokenIds.of('n'),
                        TokenIds.of(0xc3),
                        TokenIds.of(0xa9),
                        TokenIds.of(ByteTokenizer.END),
                        TokenIds.EMPTY);
        assertThat(content(deltas)).isEqualTo("né");
    }

    @Test
    void thoughtsAreCountedAndToldApart() {
        var decoder = new OutputDecoder(tokenizer, rules(List.of(), Reasoning.TAGGED, false));
        List<Delta> deltas = decode(decoder, "<think>\nhm\n</think>\n\nso");

        assertThat(content(deltas)).isEqualTo("so");
        assertThat(String.join("", deltas.stream().map(Delta::reasoning).toList())).isEqualTo("hm");
        assertThat(decoder.reasoningTokens()).isEqualTo("\nhm\n</think>".length() + 1);
    }

    @Test
    void anUnfinishedCharacterBecomesAReplacement() {
        var decoder = new OutputDecoder(tokenizer, rules(List.of(), Reasoning.NONE, true));
        decoder.accept(token('a'));
        decoder.accept(token(0xc3));
        Delta last = decoder.finish();

        assertThat(last.content()).isEqualTo("\uFFFD");
        assertThat(last.logprobs()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void entriesSpellTheContentAndNeverRunAheadOfIt(long seed) {
        var random = new SplittableRandom(seed);
        var text = new StringBuilder();
        for (int i = random.nextInt(1, 30); i > 0; i--) {
            text.append(List.of("a", "b", "é", "漢", "ab").get(random.nextInt(5)));
        }
        List<String> stops = random.nextBoolean() ? List.of("abé", "bb漢") : List.of();
        var decoder = new OutputDecoder(tokenizer, rules(stops, Reasoning.NONE, true));
        List<Delta> deltas = decode(decoder, text.toString());

        int contentBytes = 0;
        int entryBytes = 0;
        for (Delta delta : deltas) {
            contentBytes += delta.content().getBytes(StandardCharsets.UTF_8).length;
            entryBytes += delta.logprobs().size();
            assertThat(entryBytes).isLessThanOrEqualTo(contentBytes + 3);
        }
        assertThat(entryBytes).isEqualTo(contentBytes);
    }
}
