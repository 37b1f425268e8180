package dev.stator.replay.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.replay.trace.TraceStatistics.Lengths;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;

/// The traces are read as others count them: the figures are published with the data.
class TraceStatisticsTest {

    @Test
    void conversationIsAsPublished() throws IOException {
        TraceStatistics found = read("mooncake/conversation_trace.jsonl.gz");

        assertThat(found.requests()).isEqualTo(12_031);
        assertThat(found.seconds()).isCloseTo(3537.0, within(0.05));
        assertLengths(found.input(), 12_035, 6_909, 27_367, 85_401, 126_195);
        assertLengths(found.output(), 343, 350, 597, 1_120, 2_000);
        assertThat(found.blocks()).isEqualTo(288_500);
        assertThat(found.uniqueBlocks()).isEqualTo(182_790);
        assertThat(found.hitRatioBlocks()).isCloseTo(0.366412, within(1e-6));
        assertThat(found.hitRatioTokens()).isCloseTo(0.373624, within(1e-6));
    }

    @Test
    void syntheticIsAsPublished() throws IOException {
        TraceStatistics found = read("mooncake/synthetic_trace.jsonl.gz");

        assertThat(found.requests()).isEqualTo(3_993);
        assertThat(found.seconds()).isCloseTo(1022.0, within(0.05));
        assertLengths(found.input(), 15_325, 11_587, 38_615, 66_458, 191_378);
        assertLengths(found.output(), 149, 69, 389, 769, 893);
        assertThat(found.blocks()).isEqualTo(121_877);
        assertThat(found.uniqueBlocks()).isEqualTo(43_924);
        assertThat(found.hitRatioBlocks()).isCloseTo(0.639604, within(1e-6));
        assertThat(found.hitRatioTokens()).isCloseTo(0.651244, within(1e-6));
    }

    @Test
    void azureArrivalsAreAsPublished() throws IOException {
        TraceStatistics code = read("azure-2023/AzureLLMInferenceTrace_code.csv.gz");
        TraceStatistics chat = read("azure-2023/AzureLLMInferenceTrace_conv.csv.gz");

        assertThat(code.requests()).isEqualTo(8_819);
        assertThat(code.seconds()).isCloseTo(3435.9, within(0.05));
        assertThat(code.gapVariation()).isCloseTo(13.2, within(0.05));
        assertLengths(code.input(), 2_048, 1_469, 5_194, 7_436, 7_437);
        assertLengths(code.output(), 28, 13, 55, 252, 1_899);
        assertThat(chat.requests()).isEqualTo(19_366);
        assertThat(chat.seconds()).isCloseTo(3501.7, within(0.05));
        assertThat(chat.gapVariation()).isCloseTo(1.09, within(0.005));
        assertLengths(chat.input(), 1_155, 1_020, 2_735, 4_142, 14_050);
        assertLengths(chat.output(), 211, 129, 424, 601, 1_000);
        assertThat(chat.hitRatioBlocks()).isZero();
    }

    @Test
    void agentsReuseAsPublished() throws IOException {
        Trace whole = TraceFile.read(Path.of("traces/agentic-coding/agentic_coding.jsonl.gz"));

        assertThat(whole.requests()).hasSize(49_334);
        assertThat(whole.requests().stream().mapToLong(it -> it.blocks().count()).sum())
                .isEqualTo(94_310_647);
        assertThat(whole.requests().stream().mapToLong(TraceRequest::inputTokens).max())
                .hasValue(894_371);
    }

    private static TraceStatistics read(String file) throws IOException {
        return TraceStatistics.of(TraceFile.read(Path.of("traces", file)));
    }

    private static void assertLengths(Lengths found, double mean, long... quantiles) {
        assertThat(found.mean()).isCloseTo(mean, within(0.5));
        assertThat(new long[] {found.p50(), found.p90(), found.p99(), found.max()})
                .isEqualTo(quantiles);
    }
}
