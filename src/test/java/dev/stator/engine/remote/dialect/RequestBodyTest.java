package dev.stator.engine.remote.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.platform.codec.Json;
import dev.stator.testing.ByteTokenizer;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// What each kind of server is sent, byte by byte.
///
/// The names of the members were read in the servers' sources and manuals in November 2026:
/// * vLLM: `CompletionRequest` in `vllm/entrypoints/openai/completion/protocol.py`.
/// * SGLang: `GenerateReqInput` in `srt/managers/io_struct.py`, `SamplingParams` in
///   `srt/sampling/sampling_params.py`.
/// * llama.cpp: `POST /completion` in `tools/server/README.md`.
/// * Text: OpenAI's `POST /v1/completions`; `top_k`, `min_p` and `repetition_penalty` as vLLM's.
class RequestBodyTest {
    private static final SamplingParams WARM =
            new SamplingParams(
                    0.7, 40, 0.9, 0.05, 0.1, 0.2, 1.1, 5_000_000_000L, Map.of(7, -1.5, 2, 3.0));
    private static final StopConditions STOPS = new StopConditions(100, 0, Set.of(9, 2));
    private static final GenerationRequest PLAIN =
            new GenerationRequest(
                    "r",
                    TokenIds.of(72, 105),
                    SamplingParams.GREEDY,
                    new StopConditions(100, 0, Set.of()),
                    OptionalInt.empty(),
                    CacheNamespace.SHARED);

    @Test
    void theRankIsToldToEachInItsOwnWay() {
        GenerationRequest ranked = PLAIN.withRank(OptionalInt.of(3));
        var vllm = new VllmDialect("qwen");
        assertThat(vllm.headers(ranked)).isEqualTo(Map.of("x-data-parallel-rank", "3"));
        assertThat(vllm.headers(PLAIN)).isEmpty();
        assertThat(vllm.body(ranked, "r-1", 64)).isEqualTo(vllm.body(PLAIN, "r-1", 64));
        var sglang = new SglangDialect();
        assertThat(Json.write(sglang.body(ranked, "r-1", 64))).contains("\"data_parallel_rank\":3");
        assertThat(Json.write(sglang.body(PLAIN, "r-1", 64))).doesNotContain("rank");
    }

    private static GenerationRequest full(StopConditions stops, CacheNamespace namespace) {
        return new GenerationRequest(
                "r", TokenIds.of(72, 105), WARM, stops, OptionalInt.of(3), namespace);
    }

    private static void assertBody(Dialect dialect, GenerationRequest request, String expected) {
        assertThat(Json.write(dialect.body(request, "r-1", 64)))
                .isEqualTo(expected.replaceAll("\\n\\s*", ""));
    }

    @Test
    void vllmGetsEverythingByName() {
        var dialect = new VllmDialect("qwen");
        var stops = new StopConditions(100, 80, Set.of(9, 2));
        assertThat(dialect.path()).isEqualTo("/v1/completions");
        assertBody(
                dialect,
                full(stops, new CacheNamespace("", "tenant")),
                """
                {"model":"qwen","prompt":[72,105],"stream":true,
                "stream_options":{"include_usage":true},"return_token_ids":true,
                "skip_special_tokens":false,"max_tokens":64,"min_tokens":64,"ignore_eos":true,
                "stop_token_ids":[2,9],"temperature":0.7,"top_k":40,"top_p":0.9,"min_p":0.05,
                "frequency_penalty":0.1,"presence_penalty":0.2,"repetition_penalty":1.1,
                "seed":5000000000,"logit_bias":{"2":3.0,"7":-1.5},"logprobs":3,
                "return_tokens_as_token_ids":true,"cache_salt":"tenant"}\
                """);
        assertBody(
                dialect,
                PLAIN,
                """
                {"model":"qwen","prompt":[72,105],"stream":true,
                "stream_options":{"include_usage":true},"return_token_ids":true,
                "skip_special_tokens":false,"max_tokens":64,"min_tokens":0,"ignore_eos":true,
                "stop_token_ids":[],"temperature":0.0,"top_k":-1,"top_p":1.0,"min_p":0.0,
                "frequency_penalty":0.0,"presence_penalty":0.0,"repetition_penalty":1.0,"seed":0}\
                """);
    }

    @Test
    void vllmKnowsAnAdapterAsAModel() {
        GenerationRequest request = full(STOPS, new CacheNamespace("sql", ""));

        assertThat(Json.write(new VllmDialect("qwen").body(request, "r-1", 64)))
                .startsWith("{\"model\":\"sql\",")
                .doesNotContain("cache_salt");
    }

    @Test
    void sglangGetsItsSamplingApart() {
        var dialect = new SglangDialect();
        assertThat(dialect.path()).isEqualTo("/generate");
        assertBody(
                dialect,
                full(STOPS, new CacheNamespace("sql", "tenant")),
                """
                {"rid":"r-1","input_ids":[72,105],"stream":true,"sampling_params":{
                "max_new_tokens":64,"min_new_tokens":0,"ignore_eos":false,"stop_token_ids":[2,9],
                "skip_special_tokens":false,"temperature":0.7,"top_k":40,"top_p":0.9,"min_p":0.05,
                "frequency_penalty":0.1,"presence_penalty":0.2,"repetition_penalty":1.1,
                "sampling_seed":5000000000,"logit_bias":{"2":3.0,"7":-1.5}},
                "return_logprob":true,"top_logprobs_num":3,"return_text_in_logprobs":false,
                "lora_path":"sql","extra_key":"tenant"}\
                """);
        assertBody(
                dialect,
                PLAIN,
                """
                {"rid":"r-1","input_ids":[72,105],"stream":true,"sampling_params":{
                "max_new_tokens":64,"min_new_tokens":0,"ignore_eos":true,"stop_token_ids":[],
                "skip_special_tokens":false,"temperature":0.0,"top_k":-1,"top_p":1.0,"min_p":0.0,
                "frequency_penalty":0.0,"presence_penalty":0.0,"repetition_penalty":1.0,
                "sampling_seed":0}}\
                """);
        assertThat(dialect.stop("r-1"))
                .hasValueSatisfying(
                        stop -> {
                            assertThat(stop.path()).isEqualTo("/abort_request");
                            assertThat(Json.write(stop.body())).isEqualTo("{\"rid\":\"r-1\"}");
                        });
    }

    @Test
    void llamaCppGetsItsSamplersInOurOrder() {
        var dialect = new LlamaCppDialect(new ByteTokenizer());
        assertThat(dialect.path()).isEqualTo("/completion");
        assertBody(
                dialect,
                full(STOPS, new CacheNamespace("", "tenant")),
                """
                {"prompt":[72,105],"stream":true,"return_tokens":true,"return_progress":true,
                "cache_prompt":false,"n_predict":64,"ignore_eos":false,
                "logit_bias":[[2,3.0],[7,-1.5]],
                "samplers":["penalties","temperature","top_k","top_p","min_p"],"mirostat":0,
                "temperature":0.7,"top_k":40,"top_p":0.9,"min_p":0.05,"frequency_penalty":0.1,
                "presence_penalty":0.2,"repeat_penalty":1.1,"repeat_last_n":-1,
                "seed":705032705,"n_probs":3}\
                """);
        var noStop = new StopConditions(100, 100, Set.of(9, 2));
        assertThat(Json.write(dialect.body(full(noStop, CacheNamespace.SHARED), "r-1", 64)))
                .contains("\"cache_prompt\":true", "\"ignore_eos\":true")
                .contains("[[2,3.0],[7,-1.5],[2,false],[9,false]]");
    }

    @Test
    void llamaCppRefusesWhatItCannotDo() {
        var dialect = new LlamaCppDialect(new ByteTokenizer());
        var held = new StopConditions(100, 10, Set.of(2));

        assertThat(dialect.unsupported(full(STOPS, CacheNamespace.SHARED))).isEmpty();
        assertThat(dialect.unsupported(full(held, CacheNamespace.SHARED)))
                .hasValueSatisfying(it -> assertThat(it).contains("min_tokens"));
        assertThat(dialect.unsupported(full(STOPS, new CacheNamespace("sql", ""))))
                .hasValueSatisfying(it -> assertThat(it).contains("adapter"));
    }

    @Test
    void textIsSentWhereNothingElseIsKnown() {
        var dialect = new TextDialect("gpt", new ByteTokenizer());
        assertBody(
                dialect,
                PLAIN,
                """
                {"model":"gpt","prompt":"Hi","stream":true,
                "stream_options":{"include_usage":true},"max_tokens":64,"temperature":0.0,
                "top_p":1.0,"frequency_penalty":0.0,"presence_penalty":0.0,"seed":0}\
                """);
        assertThat(dialect.unsupported(PLAIN)).isEmpty();
        assertThat(dialect.unsupported(full(STOPS, CacheNamespace.SHARED))).isPresent();
    }
}
