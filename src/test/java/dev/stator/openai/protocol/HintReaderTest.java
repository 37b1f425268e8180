package dev.stator.openai.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.TaintRules;
import dev.stator.engine.hints.Urgency;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class HintReaderTest {

    private static final String EVERYTHING =
            """
            'user':'somebody','nvext':{'annotations':['query_instance_id:','x'],'unknown':1,
             'backend_instance_id':18446744073709551615,'decode_worker_id':2,'prefill_worker_id':3,
             'dp_rank':1,'prefill_dp_rank':4294967295,'timeout_ms':1500,'cache_salt':'inner',
             'session_control':{'session_id':'s','action':'bind'},
             'agent_hints':{'priority':-5,'strict_priority':4294967295,'osl':1024},
             'routing_constraints':{'required_taints':['gpu=a'],'preferred_taints':{'b':-0.5}},
             'router_config_override':{'overlap_score_weight':0,'router_temperature':0.5,
              'assume_kv_reuse':false}},'cache_salt':'outer'\
            """;

    /// Apostrophes stand for quotation marks.
    private static CompletionFields read(String members, HintSource source) {
        String json = "{'model':'m','prompt':'x'," + members + "}";
        return TextCompletionRequest.parse(
                        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), source)
                .fields();
    }

    private static CompletionFields read(String members, Map<String, String> headers) {
        return read(
                members,
                new HintSource(it -> Optional.ofNullable(headers.get(it)), true, Optional.empty()));
    }

    @Test
    void theBodySaysEverything() {
        CompletionFields fields = read(EVERYTHING, Map.of());
        RequestHints hints = fields.hints();

        assertThat(hints.session()).contains("s");
        assertThat(hints.tenant()).contains("somebody");
        assertThat(hints.urgency()).isEqualTo(new Urgency(-5, Urgency.TIER_MAX));
        assertThat(hints.expectedOutputTokens()).hasValue(1024);
        assertThat(hints.pins().backend()).hasValue(-1);
        assertThat(hints.pins().worker()).hasValue(2);
        assertThat(hints.pins().decodeRank()).hasValue(1);
        assertThat(hints.pins().prefill()).hasValue(3);
        assertThat(hints.pins().prefillRank()).isEmpty();
        assertThat(hints.taints()).isEqualTo(new TaintRules(Set.of("gpu=a"), Map.of("b", -0.5)));
        assertThat(hints.router().temperature()).hasValue(0.5);
        assertThat(hints.router().overlapScoreCredit()).hasValue(0);
        assertThat(hints.router().prefillLoadScale()).hasValue(0);
        assertThat(hints.router().assumeKvReuse()).contains(false);
        assertThat(hints.timeout()).contains(Duration.ofMillis(1500));
        assertThat(hints.asksForWorkerOnly()).isTrue();
        assertThat(fields.cacheSalt()).isEqualTo("inner");
        assertThat(fields.extras()).isEqualTo(new ExtraFields(true, false, true));
    }

    @Test
    void headersWinOverTheBody() {
        CompletionFields fields =
                read(
                        EVERYTHING,
                        Map.of(
                                "x-dynamo-session-id", "other",
                                "x-tenant-id", " gateway ",
                                "x-dynamo-request-priority", "7",
                                "x-dynamo-request-strict-priority", "1",
                                "x-dynamo-meta-policy-class", " premium ",
                                "x-worker-instance-id", "11",
                                "x-data-parallel-rank", "3",
                                "x-dynamo-prefill-dp-rank", "0",
                                "x-request-timeout-ms", "20"));
        RequestHints hints = fields.hints();

        assertThat(hints.session()).contains("other");
        assertThat(hints.tenant()).contains("gateway");
        assertThat(fields.cacheSalt()).isEqualTo("gateway");
        assertThat(hints.urgency()).isEqualTo(new Urgency(7, 1, Optional.of("premium")));
        assertThat(hints.pins().backend()).hasValue(11);
        assertThat(hints.pins().decode()).hasValue(11);
        assertThat(hints.pins().decodeRank()).hasValue(3);
        assertThat(hints.pins().prefillRank()).hasValue(0);
        assertThat(hints.timeout()).contains(Duration.ofMillis(20));
    }

    @Test
    void aKeyNamesATenantAndIsNotShown() {
        String tenant =
                read("'user':'u'", Map.of("authorization", "Bearer sk-secret"))
                        .hints()
                        .tenant()
                        .orElseThrow();

        assertThat(tenant).matches("key-[0-9a-f]{16}");
        assertThat(read("'n':1", Map.of("authorization", "bearer  sk-secret")).hints().tenant())
                .contains(tenant);
        assertThat(read("'n':1", Map.of("authorization", "Basic sk-secret")).hints().tenant())
                .isEmpty();
    }

    @Test
    void withoutExtensionsOnlyTheTenantAndTheTimeoutAreHeard() {
        Map<String, String> headers =
                Map.of(
                        "x-dynamo-request-priority", "nonsense",
                        "x-request-timeout-ms", "20",
                        "x-tenant-id", "t");
        CompletionFields fields =
                read(
                        EVERYTHING,
                        new HintSource(
                                it -> Optional.ofNullable(headers.get(it)),
                                false,
                                Optional.empty()));

        assertThat(fields.cacheSalt()).isEqualTo("outer");
        assertThat(fields.hints().tenant()).contains("t");
        assertThat(fields.hints().timeout()).contains(Duration.ofMillis(20));
        assertThat(fields.hints().urgency()).isEqualTo(Urgency.USUAL);
        assertThat(fields.hints().annotations()).isEmpty();
    }

    @Test
    void theServersLimitHoldsForEverybody() {
        var limit = Optional.of(Duration.ofSeconds(1));
        var source = new HintSource(_ -> Optional.empty(), true, limit);

        assertThat(read("'n':1", source).hints().timeout()).isEqualTo(limit);
        assertThat(read("'nvext':{'timeout_ms':5000}", source).hints().timeout()).isEqualTo(limit);
        assertThat(read("'nvext':{'timeout_ms':500}", source).hints().timeout())
                .contains(Duration.ofMillis(500));
    }

    @Test
    void nothingSaidIsNone() {
        assertThat(read("'n':1", Map.of()).hints()).isEqualTo(RequestHints.NONE);
        assertThat(read("'n':1", Map.of()).extras()).isEqualTo(ExtraFields.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5                                               | nvext",
                "{'agent_hints':{'priority':2147483648}}         | nvext.agent_hints.priority",
                "{'agent_hints':{'strict_priority':-1}}          |"
                        + " nvext.agent_hints.strict_priority",
                "{'agent_hints':{'osl':1.5}}                     | nvext.agent_hints.osl",
                "{'backend_instance_id':-1}                      | nvext.backend_instance_id",
                "{'dp_rank':'x'}                                 | nvext.dp_rank",
                "{'timeout_ms':0}                                | nvext.timeout_ms",
                "{'annotations':[7]}                             | nvext.annotations[0]",
                "{'routing_constraints':{'required_taints':['']}}"
                        + " | nvext.routing_constraints.required_taints[0]",
                "{'router_config_override':{'router_temperature':-1}}"
                        + " | nvext.router_config_override.router_temperature",
            })
    void complaintsNameTheMember(String nvext, String param) {
        var e =
                catchThrowableOfType(
                        InvalidRequest.class, () -> read("'nvext':" + nvext, Map.of()));

        assertThat(e.param()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource({
        "x-dynamo-request-priority, 1e3",
        "x-dynamo-request-strict-priority, 4294967296",
        "x-dynamo-worker-instance-id, 18446744073709551616",
        "x-dynamo-dp-rank, -1",
        "x-request-timeout-ms, 0",
    })
    void complaintsNameTheHeaderAndTheValue(String header, String value) {
        var e =
                catchThrowableOfType(
                        InvalidRequest.class, () -> read("'n':1", Map.of(header, value)));

        assertThat(e.param()).isEqualTo(header);
        assertThat(e).hasMessageContaining("\"" + value + "\"");
    }
}
