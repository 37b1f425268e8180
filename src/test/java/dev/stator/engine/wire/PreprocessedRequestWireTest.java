package dev.stator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.RouterOverrides;
import dev.stator.engine.hints.TaintRules;
import dev.stator.engine.hints.Urgency;
import dev.stator.engine.hints.WorkerPins;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

class PreprocessedRequestWireTest {
    private static final GenerateCodec CODEC = new GenerateCodec("demo");

    @Test
    void aRequestIsWrittenAndReadByteForByte() {
        var request =
                new GenerationRequest(
                        "r1",
                        TokenIds.of(1, 2, 151_645),
                        new SamplingParams(0.7, 40, 0.9, 0.05, -0.25, 0.5, 1.1, -7, Map.of()),
                        new StopConditions(64, 3, Set.of(2, 151_645)),
                        OptionalInt.of(2),
                        new CacheNamespace("my-lora", "tenant-a"));

        Wire.assertGolden(
                "request", request, CODEC::writeRequest, it -> CODEC.readRequest("r1", it));
        Wire.assertGolden(
                "request for rank 1",
                request.withRank(OptionalInt.of(1)),
                CODEC::writeRequest,
                it -> CODEC.readRequest("r1", it));
    }

    @Test
    void nullsMeanWhatARequestWithoutThemMeans() {
        for (JsonField request :
                Wire.messages(
                        """
                        {"model":"demo","token_ids":[5,6],"stop_conditions":{"max_tokens":null,
                         "stop":null,"stop_token_ids_hidden":null,"min_tokens":null,
                         "ignore_eos":null,"max_thinking_tokens":null},"sampling_options":{"n":null,
                         "best_of":null,"presence_penalty":null,"frequency_penalty":null,
                         "repetition_penalty":null,"temperature":null,"top_p":null,"top_k":null,
                         "min_p":null,"use_beam_search":null,"length_penalty":null,"seed":null,
                         "include_stop_str_in_output":null,"guided_decoding":null},
                         "output_options":{"logprobs":null,"prompt_logprobs":null,
                         "skip_special_tokens":null,"formatted_prompt":null},"eos_token_ids":[6],
                         "mdc_sum":null,"annotations":[],"routing":null,"extra_args":null,
                         "router_config_override":null,"multi_modal_data":null}\
                        """)) {
            assertThat(CODEC.readRequest("r1", request)).isEqualTo(plain(Set.of(6)));
        }
    }

    @Test
    void onlyTheTokensMustBeThere() {
        assertThat(read("{\"token_ids\":[5,6]}")).isEqualTo(plain(Set.of()));
        assertThat(read("{\"token_ids\":[5,6],\"stop_conditions\":{},\"_HEALTH_CHECK\":true}"))
                .isEqualTo(plain(Set.of()));
    }

    @Test
    void endTokensAreIgnoredOnRequestAndHiddenOnesAreNot() {
        GenerationRequest request =
                read(
                        """
                        {"token_ids":[5],"eos_token_ids":[6],"stop_conditions":
                         {"ignore_eos":true,"stop_token_ids_hidden":[7],"stop_token_ids":[8]}}\
                        """);
        assertThat(request.stops().stopTokenIds()).containsExactlyInAnyOrder(7, 8);
    }

    @Test
    void aRequestWithoutEndTokensTellsOthersToIgnoreTheirs() {
        JsonField stops =
                JsonField.root(CODEC.writeRequest(plain(Set.of()))).get("stop_conditions");
        assertThat(stops.get("ignore_eos").bool()).isTrue();
        JsonField ended =
                JsonField.root(CODEC.writeRequest(plain(Set.of(6)))).get("stop_conditions");
        assertThat(ended.get("ignore_eos").bool()).isFalse();
    }

    @Test
    void loraAndSaltNameTheCacheNamespace() {
        assertThat(read("{\"token_ids\":[5],\"routing\":{\"lora_name\":\"my-lora\"}}").namespace())
                .isEqualTo(new CacheNamespace("my-lora", ""));
        assertThat(read("{\"token_ids\":[5],\"routing\":{\"cache_salt\":\"s\"}}").namespace())
                .isEqualTo(new CacheNamespace("", "s"));
        assertThat(read("{\"token_ids\":[5],\"routing\":{\"lora_name\":\"\"}}").namespace())
                .isEqualTo(CacheNamespace.SHARED);
    }

    @Test
    void thePolicyClassTravelsBesideTheRequestAndATenantNotAtAll() {
        RequestHints said = hints(Optional.of("acme"), new Urgency(3, 1, Optional.of("batch")));
        GenerationRequest request = plain(Set.of()).with(said);

        assertThat(CODEC.metadata(request)).containsExactly(Map.entry("policy-class", "batch"));
        assertThat(CODEC.metadata(plain(Set.of()))).isEmpty();
        GenerationRequest read =
                CODEC.readRequest("r1", JsonField.root(CODEC.writeRequest(request)));
        assertThat(read.hints().urgency()).isEqualTo(new Urgency(3, 1));
        assertThat(CODEC.withMetadata(read, CODEC.metadata(request)).hints())
                .isEqualTo(hints(Optional.empty(), new Urgency(3, 1, Optional.of("batch"))));
    }

    @Test
    void whatClientsOfDynamoSayOfThemselvesIsRead() {
        GenerationRequest request = plain(Set.of());
        var metadata = Map.of("tenant-id", " acme ", "policy-class", " ", "scope", "gold");

        assertThat(CODEC.withMetadata(request, metadata).hints())
                .isEqualTo(hints(Optional.of("acme"), Urgency.USUAL));
        assertThatThrownBy(
                        () -> CODEC.withMetadata(request, Map.of("policy-class", "x".repeat(257))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("metadata 'policy-class' must have at most 256 characters: 257");
    }

    @Test
    void minusOneMeansAllTokens() {
        assertThat(
                        read("{\"token_ids\":[5],\"sampling_options\":{\"top_k\":-1}}")
                                .sampling()
                                .topK())
                .isZero();
    }

    @Test
    void theDrawOfARequestWithoutSeedDependsOnItsId() {
        JsonField request = Wire.message("{\"token_ids\":[5]}");
        assertThat(CODEC.readRequest("a", request).sampling().seed())
                .isNotEqualTo(CODEC.readRequest("b", request).sampling().seed());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                       | token_ids
                    {"token_ids":[]}                                         | token_ids
                    {"token_ids":"5"}                                        | token_ids
                    {"token_ids":[1,2.5]}                                    | token_ids[1]
                    {"token_ids":[1,-2]}                                     | token_ids[1]
                    {"token_ids":[4294967295]}                               | token_ids[0]
                    {"token_ids":[1],"stop_conditions":[]}                   | stop_conditions
                    {"token_ids":[1],"stop_conditions":{"max_tokens":0}} \
                    | stop_conditions.max_tokens
                    {"token_ids":[1],"stop_conditions":{"max_tokens":2,"min_tokens":3}} \
                    | stop_conditions.min_tokens
                    {"token_ids":[1],"stop_conditions":{"ignore_eos":1}} \
                    | stop_conditions.ignore_eos
                    {"token_ids":[1],"eos_token_ids":[null]}                 | eos_token_ids[0]
                    {"token_ids":[1],"sampling_options":{"temperature":"x"}} \
                    | sampling_options.temperature
                    {"token_ids":[1],"sampling_options":{"n":2}}             | sampling_options.n
                    {"token_ids":[1],"sampling_options":{"use_beam_search":true}} \
                    | sampling_options.use_beam_search
                    {"token_ids":[1],"sampling_options":{"guided_decoding":{"regex":"a"}}} \
                    | sampling_options.guided_decoding
                    {"token_ids":[1],"multi_modal_data":{"image_url":[]}}    | multi_modal_data
                    {"token_ids":[1],"output_options":{"logprobs":-1}} | output_options.logprobs
                    {"token_ids":[1],"extra_args":{"logit_bias":{"a":1}}}    | extra_args.logit_bias
                    {"token_ids":[1],"routing":{"lora_name":5}}              | routing.lora_name
                    {"token_ids":[1],"routing":{"dp_rank":-1}}               | routing.dp_rank
                    """)
    void complaintsNameTheMember(String json, String member) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(JsonFieldException.class)
                .extracting(it -> ((JsonFieldException) it).path())
                .isEqualTo(member);
    }

    @Test
    void hintsTravelWhereDynamoHasAPlaceForThem() {
        var hints =
                new RequestHints(
                        Optional.of("session"),
                        Optional.empty(),
                        new Urgency(3, 2),
                        OptionalInt.of(512),
                        new WorkerPins(
                                OptionalLong.of(-1),
                                OptionalLong.of(7),
                                OptionalInt.of(1),
                                OptionalLong.of(8),
                                OptionalInt.of(0),
                                Optional.of(Set.of(7L, -1L))),
                        new TaintRules(Set.of("a"), Map.of("b", 0.5)),
                        new RouterOverrides(
                                OptionalDouble.of(0.5),
                                OptionalDouble.of(2),
                                OptionalDouble.of(1),
                                OptionalDouble.of(0.25),
                                Optional.of(true),
                                Optional.of(false)),
                        Optional.empty(),
                        Set.of("query_instance_id"));
        GenerationRequest request = plain(Set.of(6)).with(hints);

        assertThat(CODEC.readRequest("r1", JsonField.root(CODEC.writeRequest(request))))
                .isEqualTo(request);
        assertThat(CODEC.writeRequest(request).toString())
                .contains("priority_jump", "expected_output_tokens", "agent_context");
    }

    @Test
    void tenantsAndLimitsOfTimeStayWhereTheyWereHeard() {
        RequestHints mine =
                new RequestHints(
                        Optional.empty(),
                        Optional.of("tenant"),
                        Urgency.USUAL,
                        OptionalInt.empty(),
                        WorkerPins.NONE,
                        TaintRules.NONE,
                        RouterOverrides.NONE,
                        Optional.of(Duration.ofSeconds(1)),
                        Set.of());
        GenerationRequest request = plain(Set.of(6)).with(mine);

        assertThat(CODEC.readRequest("r1", JsonField.root(CODEC.writeRequest(request))).hints())
                .isEqualTo(RequestHints.NONE);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void everyRequestSurvivesBothFormats(long seed) {
        GenerationRequest request = random(new SplittableRandom(seed));
        for (WireFormat format : WireFormat.values()) {
            assertThat(CODEC.readRequest(request.id(), format.carry(CODEC.writeRequest(request))))
                    .as(format.toString())
                    .isEqualTo(request);
        }
    }

    private static GenerationRequest read(String json) {
        return CODEC.readRequest("r1", Wire.message(json));
    }

    private static GenerationRequest plain(Set<Integer> ends) {
        return new GenerationRequest(
                "r1",
                TokenIds.of(5, 6),
                new SamplingParams(1, 0, 1, 0, 0, 0, 1, "r1".hashCode(), Map.of()),
                new StopConditions(Integer.MAX_VALUE, 0, ends),
                OptionalInt.empty(),
                CacheNamespace.SHARED);
    }

    private static GenerationRequest random(SplittableRandom random) {
        Set<Integer> ends = new TreeSet<>();
        random.ints(random.nextInt(4), 0, Integer.MAX_VALUE).forEach(ends::add);
        Map<Integer, Double> bias = new TreeMap<>();
        random.ints(random.nextInt(3), 0, 200_000)
                .forEach(it -> bias.put(it, random.nextDouble(-100, 100)));
        int most = 1 + random.nextInt(Integer.MAX_VALUE - 1);
        return new GenerationRequest(
                "r-" + random.nextInt(),
                TokenIds.of(random.ints(1 + random.nextInt(40), 0, Integer.MAX_VALUE).toArray()),
                new SamplingParams(
                        random.nextDouble(2),
                        random.nextInt(100),
                        1 - random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(-2, 2),
                        random.nextDouble(-2, 2),
                        random.nextDouble(0.1, 2),
                        random.nextLong(),
                        bias),
                new StopConditions(most, random.nextInt(most), ends),
                random.nextBoolean() ? OptionalInt.of(random.nextInt(20)) : OptionalInt.empty(),
                new CacheNamespace(text(random), text(random)));
    }

    private static String text(SplittableRandom random) {
        return random.nextBoolean() ? "" : "é\"\\\n😀" + random.nextInt();
    }

    private static RequestHints hints(Optional<String> tenant, Urgency urgency) {
        RequestHints none = RequestHints.NONE;
        return new RequestHints(
                none.session(),
                tenant,
                urgency,
                none.expectedOutputTokens(),
                none.pins(),
                none.taints(),
                none.router(),
                none.timeout(),
                none.annotations());
    }
}
