package dev.stator.launch.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.launch.fleet.CacheKnowledge;
import dev.stator.launch.fleet.Fleets;
import dev.stator.routing.CostModel;
import dev.stator.routing.admission.policy.PolicyClass;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueuePolicy;
import dev.stator.routing.cost.BlockPrices;
import dev.stator.routing.eligibility.BusyThresholds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

class AdmissionOptionsTest {
    private static final String PROFILE =
            """
            default_policy_family: %1$s
            uncached_isl_buckets: [{min_tokens: 0, bucket: all}]
            policy_classes:
            - {name: %1$s, policy_family: %1$s, cache_bucket: all, quantum: 1}
            """;

    @TempDir private Path folder;

    @Test
    void workersAreBusyByAnyOfThreeThresholds() {
        var all =
                new BusyThresholds(
                        OptionalDouble.of(0.5), OptionalLong.of(7), OptionalDouble.of(1.5));

        assertThat(parse(Map.of()).router().busy()).isEqualTo(BusyThresholds.NONE);
        assertThat(
                        parse(
                                        Map.of(),
                                        "--active-decode-blocks-threshold=0.5",
                                        "--active-prefill-tokens-threshold=7",
                                        "--active-prefill-tokens-threshold-frac=1.5")
                                .router()
                                .busy())
                .isEqualTo(all);
        assertThat(
                        parse(
                                        Map.of(
                                                "DYN_ACTIVE_DECODE_BLOCKS_THRESHOLD", "0.5",
                                                "DYN_ACTIVE_PREFILL_TOKENS_THRESHOLD", "7",
                                                "DYN_ACTIVE_PREFILL_TOKENS_THRESHOLD_FRAC", "1.5"))
                                .router()
                                .busy())
                .isEqualTo(all);
        assertThatThrownBy(() -> parse(Map.of(), "--active-decode-blocks-threshold=1.5"))
                .hasMessage("active-decode-blocks-threshold must be in [0.0, 1.0]: 1.5");
    }

    @Test
    void withoutAPolicyFileThereIsOneClass() {
        Fleets.Settings settings =
                parse(Map.of(), "--router-queue-threshold=0.5", "--router-queue-policy=wspt");

        PolicyClass only = settings.admission().profile().classes().getFirst();
        assertThat(settings.admission().profile().classes()).hasSize(1);
        assertThat(only.order()).isEqualTo(QueuePolicy.WSPT);
        assertThat(only.busy().prefillFraction()).hasValue(0.5);
        assertThat(settings.profiles()).isEmpty();
    }

    @Test
    void aPolicyFileReplacesTheFlagsAndModelsMayHaveTheirOwn() throws IOException {
        String own = PROFILE.formatted("own").indent(4);
        Path both = file(PROFILE.formatted("common") + "models:\n  m:\n" + own);
        Path models = file("models:\n  m:\n" + own);

        Fleets.Settings settings =
                parse(Map.of(), "--router-queue-threshold=0.5", "--router-policy-config=" + both);
        assertThat(names(settings.admission().profile())).containsExactly("common");
        assertThat(settings.profiles()).containsOnlyKeys("m");
        assertThat(settings.profiles().values())
                .allSatisfy(it -> assertThat(names(it)).containsExactly("own"));

        Fleets.Settings others =
                parse(
                        Map.of("DYN_ROUTER_POLICY_CONFIG", models.toString()),
                        "--router-queue-threshold=0.5");
        assertThat(names(others.admission().profile())).containsExactly("default");
        assertThat(others.admission().profile().isQueueing()).isTrue();
        assertThat(others.profiles()).containsOnlyKeys("m");
    }

    @Test
    void aPolicyFileMaySayWhatWorkersAreSelectedBy() throws IOException {
        Path file =
                file(
                        """
                        worker_selection:
                          aggregated: blind
                          instances:
                            - name: blind
                              type: blocks
                              parameters: {overlap_score_credit: 0}
                        """);
        Fleets.Settings settings =
                parse(
                        Map.of(),
                        "--router-policy-config=" + file,
                        "--router-prefill-load-scale=2",
                        "--router-temperature=0.5");

        assertThat(settings.router().costModel())
                .isEqualTo(new CostModel.Blocks(new BlockPrices(0, 0, 0.75, 0.25, 2, 0)));
        assertThat(settings.router().temperature()).isEqualTo(0.5);
        assertThat(settings.caches()).isEqualTo(new CacheKnowledge.None());
        assertThat(names(settings.admission().profile())).containsExactly("default");
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "policy", ".yaml"), yaml);
    }

    private static List<String> names(PolicyProfile profile) {
        return profile.classes().stream().map(PolicyClass::name).toList();
    }

    private static Fleets.Settings parse(Map<String, String> environment, String... arguments) {
        var options = new RouterOptions();
        new CommandLine(
                        CommandSpec.create()
                                .addMixin("router", CommandSpec.forAnnotatedObject(options)))
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .parseArgs(arguments);
        return options.toSettings(false);
    }
}
