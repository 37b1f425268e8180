package dev.stator.replay.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.http.client.HttpAddress;
import dev.stator.replay.load.LoadSetup.Check;
import dev.stator.replay.load.TargetProbe.Wish;
import dev.stator.replay.load.ledger.Discrepancies;
import dev.stator.replay.load.plan.Arrivals;
import dev.stator.replay.load.plan.MadeRequests;
import dev.stator.replay.load.plan.MadeRequests.Limit;
import dev.stator.replay.load.plan.RequestShapes;
import dev.stator.replay.load.result.LoadSummary;
import dev.stator.replay.load.result.Slo;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

class AdapterLoadTest {
    private static final int REQUESTS = 6;

    @Test
    void theTokensOfAnAdapterAreRecomputed() throws Exception {
        LoadSummary summary = run("sql", _ -> {});

        assertThat(summary.verification().how()).isEqualTo("every token recomputed");
        assertThat(summary.isFaultless()).isTrue();
    }

    @Test
    void aWrongTokenOfAnAdapterIsFound() throws Exception {
        assertThat(run("sql", tokens -> tokens.set(7, 3)).verification().found())
                .isEqualTo(new Discrepancies(0, 0, 0, REQUESTS));
    }

    @Test
    void anAdapterThatIsNotUsedIsFoundOut() {
        assertThatThrownBy(() -> run("ignored", _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("serves no simulated engine");
    }

    private static LoadSummary run(String adapter, ScriptedModel.Damage damage) throws Exception {
        try (var model = ScriptedModel.damaged(damage);
                var test = open(model, adapter)) {
            return test.run();
        }
    }

    private static LoadTest open(ScriptedModel model, String adapter) throws Exception {
        var wish =
                new Wish(
                        HttpAddress.parse(model.url()),
                        Optional.of(adapter),
                        Optional.empty(),
                        true,
                        Optional.empty());
        var conduct = new Conduct(0, Duration.ofMillis(1), 0, 4);
        var setup = new LoadSetup(conduct, Slo.NONE, 100, Duration.ofSeconds(20), 1, Check.TOKENS);
        var limit = new Limit(REQUESTS, Duration.ofMinutes(1).toNanos(), 5);
        var shapes = new RequestShapes(32, 0, 1, 20);
        return LoadTest.open(
                wish, setup, MadeRequests.open(shapes, limit, Arrivals.constant(500)), _ -> {});
    }
}
