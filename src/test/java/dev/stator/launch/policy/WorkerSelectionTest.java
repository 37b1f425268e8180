package dev.stator.launch.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.Yaml;
import dev.stator.routing.CostModel;
import dev.stator.routing.cost.BlockPrices;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;

class WorkerSelectionTest {
    private static final String FILE =
            """
            worker_selection:
              aggregated: mine
              prefill: default
              instances:
                - name: mine
                  type: blocks
                  parameters:
                    overlap_score_credit: 0.5
                    overlap_score_credit_decay: 0.1
                    host_cache_hit_weight: 0.2
                    disk_cache_hit_weight: 0.3
                    prefill_load_scale: 2
                    decode_active_request_weight: 4
                    router_temperature: 0.6
                - name: other
                  type: lmetric
            """;

    @Test
    void theInstanceThatIsNamedReplacesTheFlags() throws Exception {
        WorkerSelection selection = read(FILE).orElseThrow();

        assertThat(selection.costModel(BlockPrices.DEFAULT))
                .isEqualTo(new CostModel.Blocks(new BlockPrices(0.5, 0.1, 0.2, 0.3, 2, 4)));
        assertThat(selection.temperature(9)).isEqualTo(0.6);
    }

    @Test
    void whatAnInstanceDoesNotSayIsAsTheFlagsSay() throws Exception {
        WorkerSelection selection =
                read(FILE.replace("aggregated: mine", "aggregated: other")).orElseThrow();
        var flags = new BlockPrices(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);

        assertThat(selection.costModel(flags)).isEqualTo(new CostModel.Lmetric(flags));
        assertThat(selection.temperature(9)).isEqualTo(9);
    }

    @Test
    void defaultAndNothingStandForTheFlags() throws Exception {
        assertThat(read(FILE.replace("aggregated: mine", "aggregated: default"))).isEmpty();
        assertThat(read(FILE.replace("  aggregated: mine\n", ""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    aggregated: mine  | aggregated: his    | aggregated' must be default or the name
                    prefill: default  | prefill: mine      | prefill' must be default, as workers
                    prefill: default  | decode: mine       | decode' must be default, as workers
                    prefill: default  | somewhere: mine    | somewhere' is unknown, known here are
                    type: blocks      | type: dynamo-two   | instances[0].type' must be one of time,
                    decay: 0.1        | decay: -1          | _credit_decay' must not be negative: -1
                    load_scale: 2     | load_scale: two    | prefill_load_scale' must be a number:
                    prefill_load_scal | cache_threshold    | parameters.cache_thresholde' is unknown
                    name: other       | name: mine         | instances[1].name' is there twice: "mi
                    name: other       | name: default      | instances[1].name' stands for what the
                    type: lmetric     | version: 1         | instances[1].version' is unknown, known
                    """)
    void aWrongFieldIsNamed(String right, String wrong, String problem) {
        assertThatThrownBy(() -> read(FILE.replace(right, wrong)))
                .isInstanceOf(JsonFieldException.class)
                .hasMessageStartingWith("'worker_selection.")
                .hasMessageContaining(problem);
    }

    private static Optional<WorkerSelection> read(String yaml) throws Exception {
        JsonField root = JsonField.root(Yaml.parse(yaml, JsonLimits.CONFIGURATION).value());
        return PolicyFile.read(root).selection();
    }
}
