package dev.stator.launch.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyClass;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueueLimits;
import dev.stator.routing.admission.policy.QueuePolicy;
import dev.stator.routing.hints.ConfigOverrides;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

class PolicyFileTest {
    private static final String PROFILE =
            """
            default_policy_family: chat
            uncached_isl_buckets:
              - min_tokens: 0
                bucket: warm
              - min_tokens: 2048
                bucket: cold
            policy_classes:
              - name: chat_warm
                policy_family: chat
                cache_bucket: warm
                queue_policy: wspt
                quantum: 4096
                prefill_busy_threshold: 100
                prefill_busy_threshold_frac: 2.5
                busy_worker_ratio: 0.5
                request_queue_limit_per_worker: 0
                raw_isl_token_queue_limit_per_worker: 7
                cached_token_queue_limit_per_worker: 8
                queue_deadline_ms: 1500
                router_config_override:
                  overlap_score_credit: 0
                  prefill_load_scale: 2
                  router_temperature: 0.5
                  assume_kv_reuse: false
                  track_prefill_tokens: true
              - name: chat_cold
                policy_family: chat
                cache_bucket: cold
                quantum: 1
              - name: own
                queue_policy: lcfs
                quantum: 2
            """;

    @TempDir private Path folder;

    @Test
    void everythingOfAClassIsRead() throws IOException {
        PolicyProfile profile = read(PROFILE).common().orElseThrow();

        assertThat(profile.classes().getFirst())
                .isEqualTo(
                        new PolicyClass(
                                "chat_warm",
                                QueuePolicy.WSPT,
                                4_096,
                                new BusyRule(
                                        OptionalLong.of(100),
                                        OptionalDouble.of(2.5),
                                        OptionalDouble.of(0.5)),
                                new QueueLimits(
                                        OptionalLong.of(0), OptionalLong.of(7), OptionalLong.of(8)),
                                Optional.of(Duration.ofMillis(1_500)),
                                new ConfigOverrides(
                                        OptionalDouble.of(0),
                                        OptionalDouble.of(2),
                                        OptionalDouble.of(0.5),
                                        OptionalDouble.empty(),
                                        Optional.of(false),
                                        Optional.of(true))));
        assertThat(profile.classes().get(1))
                .isEqualTo(
                        new PolicyClass(
                                "chat_cold",
                                QueuePolicy.FCFS,
                                1,
                                BusyRule.NEVER,
                                QueueLimits.NONE));
        assertThat(profile.classOf(Optional.empty(), 2_048)).isEqualTo(1);
        assertThat(profile.classOf(Optional.of("own"), 2_048)).isEqualTo(2);
    }

    @Test
    void aModelMayHaveItsOwnProfileAndOthersNone() throws IOException {
        PolicyFile file =
                read(
                        """
                        models:
                          some/model:
                            default_policy_family: all
                            uncached_isl_buckets: [{min_tokens: 0, bucket: all}]
                            policy_classes:
                              - {name: one, policy_family: all, cache_bucket: all, quantum: 1}
                        """);

        assertThat(file.common()).isEmpty();
        assertThat(file.models()).containsOnlyKeys("some/model");
        assertThat(file.models().values())
                .allMatch(it -> it.classes().getFirst().name().equals("one"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    4096         | 0         | 12 | quantum | must be in [1, 1000000000]: 0
                    quantum: 4   | stages: 4 | 12 | stages | is unknown
                    wspt         | edf       | 11 | queue_policy | must be one of fcfs, lcfs, wspt
                    frac: 2.5    | frac: -1  | 14 | prefill_busy_threshold_frac | must not be neg
                    ratio: 0.5   | ratio: 16 | 15 | busy_worker_ratio | must be above 0.0 and at
                    worker: 7    | worker: x | 17 | raw_isl_token_queue_limit_per_worker | must be
                    1500         | 0         | 19 | queue_deadline_ms | must be in [1, 86400000]: 0
                    ture: 0.5    | ture: -1  | 23 | router_config_override.router_temperature | must
                    reuse: false | reuse: 1  | 24 | router_config_override.assume_kv_reuse | must be
                    track_pref   | tracks    | 25 | router_config_override.tracksill_tokens | is unk
                    name: chat_w | title: ch | 8  | title | is unknown, known here are busy_worker
                    """)
    void aWrongFieldIsNamedWithItsLineAndValue(
            String right, String wrong, int line, String field, String problem) {
        refused(
                PROFILE.replaceFirst(right, wrong),
                "policy.yaml:%d: 'policy_classes[0].%s' %s".formatted(line, field, problem));
    }

    @Test
    void whatTheRestOfTheFileSaysIsCheckedToo() {
        refused(
                PROFILE.replace("min_tokens: 2048", "max_tokens: 1"),
                "policy.yaml:5: 'uncached_isl_buckets[1].max_tokens' is unknown");
        refused(
                PROFILE.replace("min_tokens: 2048", "min_tokens: -1"),
                "policy.yaml:5: 'uncached_isl_buckets[1].min_tokens' must be in [0, 2147483647]:"
                        + " -1");
        refused(
                PROFILE.replace("cache_bucket: cold\n", "\n"),
                "'policy_classes[1].cache_bucket' must be a string, but is missing");
        refused(
                PROFILE + "stages: {}\n",
                "policy.yaml:33: 'stages' is unknown, known here are default_policy_family,"
                        + " models, policy_classes, uncached_isl_buckets, worker_selection");
        refused(PROFILE.replace("family: chat\nun", "family: other\nun"), "\"other\"");
        refused("models: {m: {quantum: 1}}", "policy.yaml:1: 'models.m.quantum' is unknown");
        refused("models: {}", "must have policy_classes, models with them, or worker_selection");
        refused("default_policy_family: a", "'uncached_isl_buckets' must be an array");
        refused("a: [", "policy.yaml: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"admission", "queue_admission", "request_classifier"})
    void pluginsAreRefusedAsSuch(String plugin) {
        refused(
                PROFILE + plugin + ": {type: session_aware}\n",
                "policy.yaml:33: '%s' asks for a plugin of Dynamo's".formatted(plugin));
        refused(
                PROFILE.replace("quantum: 4096", plugin + ": {type: session_aware}"),
                "policy.yaml:12: 'policy_classes[0].%s' asks for a plugin".formatted(plugin));
    }

    @Test
    void aRatioNeedsToKnowWhoIsBusy() {
        String without = PROFILE.replaceAll("    prefill_busy_threshold.*\n", "");
        refused(without, "'policy_classes[0].busy_worker_ratio' needs prefill_busy_threshold or");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = folder.resolve("none.yaml");
        assertThatThrownBy(() -> PolicyFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("router-policy-config " + file + ": no such file");
    }

    private void refused(String yaml, String complaint) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("router-policy-config ")
                .hasMessageContaining(complaint);
    }

    private PolicyFile read(String yaml) throws IOException {
        Path file = folder.resolve("policy.yaml");
        Files.writeString(file, yaml);
        return PolicyFile.read(file);
    }
}
