package dev.stator.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.Requests;
import dev.stator.engine.TokenStream;
import dev.stator.engine.TokenUsage;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.batching.StepListener;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class SimulatedEngineTest {
    private static final TokenRange RANGE = new TokenRange(100, 5000);
    private static final SimulatedConfig CONFIG =
            new SimulatedConfig(
                    "sim-0",
                    "simulated",
                    4096,
                    1024,
                    16,
                    TimingModel.INSTANT,
                    RANGE,
                    BatchingConfig.DEFAULT);

    @Test
    void answersThroughATokenStreamWithTokensThatAnyoneCanRecompute() throws Exception {
        TokenIds prompt = Requests.prompt(100, 1);
        try (BatchingEngine engine = SimulatedEngine.open(CONFIG, _ -> {}, StepListener.NONE)) {
            GenerationRequest request = Requests.request("a", prompt, 50, 7);
            TokenStream first = TokenStream.open(engine, request);
            List<Integer> ids = drain(first);

            assertThat(ids).hasSize(50);
            var expected = new SelfVerifyingTokens(prompt, 7, RANGE);
            assertThat(ids).allMatch(id -> id == expected.next());
            assertThat(ids.get(20)).isEqualTo(SelfVerifyingTokens.token(prompt, 7, 20, RANGE));
            assertThat(first.end())
                    .isEqualTo(new Finished(FinishReason.LENGTH, new TokenUsage(100, 0, 50)));

            TokenStream second = TokenStream.open(engine, request);
            assertThat(drain(second)).isEqualTo(ids);
            assertThat(second.start().orElseThrow().cachedTokens()).isEqualTo(96);
        }
    }

    @Test
    void aSlowReaderMissesNothing() throws Exception {
        TokenIds prompt = Requests.prompt(10, 1);
        try (BatchingEngine engine = SimulatedEngine.open(CONFIG, _ -> {}, StepListener.NONE)) {
            TokenStream slow = TokenStream.open(engine, Requests.request("a", prompt, 4000, 7));
            slow.next();
            TokenStream fast = TokenStream.open(engine, Requests.request("b", prompt, 4000, 7));
            List<Integer> expected = drain(fast);

            assertThat(drain(slow)).isEqualTo(expected.subList(1, 4000));
        }
    }

    private static List<Integer> drain(TokenStream stream) throws InterruptedException {
        List<Integer> ids = new ArrayList<>();
        Optional<GeneratedToken> token = stream.next();
        for (; token.isPresent(); token = stream.next()) {
            ids.add(token.get().id());
        }
        return ids;
    }
}
