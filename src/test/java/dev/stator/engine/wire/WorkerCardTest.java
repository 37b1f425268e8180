package dev.stator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.EngineInfo;
import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.runtime.discovery.InstanceRecord;
import dev.stator.runtime.discovery.RecordFormat;
import dev.stator.testing.GoldenMessages;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

class WorkerCardTest {
    private static final WorkerCard CARD =
            WorkerCard.of(-1, new EngineInfo("Demo v2", 4096, 16, 2_000, 8_192, 256));

    @Test
    void readsWhatItWrote() {
        assertThat(WorkerCard.parse(CARD.toJson())).isEqualTo(CARD);
    }

    @Test
    void saysItsRanksAndKindsInDynamosWords() {
        var card =
                new WorkerCard(
                        7,
                        true,
                        new WorkerCard.Ranks(4, 2),
                        CARD.engine(),
                        Set.of("zone=a", "gpu=h100"),
                        Optional.empty());

        assertThat(WorkerCard.parse(card.toJson())).isEqualTo(card);
        assertThat(card.ranks().of(42)).containsExactly(new WorkerId(42, 4), new WorkerId(42, 5));
        assertThat(JsonField.root(card.toJson()).get("runtime_config"))
                .satisfies(
                        it -> {
                            assertThat(it.get("data_parallel_start_rank").integer(0, 9))
                                    .isEqualTo(4);
                            assertThat(it.get("data_parallel_size").integer(0, 9)).isEqualTo(2);
                            assertThat(it.get("taints").items())
                                    .extracting(JsonField::string)
                                    .containsExactly("gpu=h100", "zone=a");
                        });
        assertThatThrownBy(() -> new WorkerCard.Ranks(0, 0)).hasMessageContaining("0 from 0 on");
    }

    @Test
    void usesDynamosNames() {
        assertThat(CARD.toJson().members())
                .containsEntry("display_name", new JsonString("Demo v2"))
                .containsEntry("slug", new JsonString("demo_v2"))
                .containsKeys("model_type", "model_input", "worker_type", "needs");
    }

    @Test
    void readsTheCardOfAnotherWorker() {
        JsonObject foreign =
                new JsonObjectBuilder()
                        .put("display_name", "Qwen/Qwen3-0.6B")
                        .put("kv_cache_block_size", 16)
                        .put(
                                "runtime_config",
                                new JsonObjectBuilder()
                                        .put("total_kv_blocks", 24_064)
                                        .put("context_length", 40_960)
                                        .putNulls("max_num_seqs", "max_num_batched_tokens")
                                        .build())
                        .build();

        assertThat(WorkerCard.parse(foreign))
                .isEqualTo(
                        WorkerCard.of(
                                0, new EngineInfo("Qwen/Qwen3-0.6B", 40_960, 16, 24_064, 0, 0)));
    }

    @Test
    void theCardOfAnAdapterIsTheModelsUnderAnotherName() {
        JsonObject lora = adapter(CARD, "My/Lora v1", "my_lora_v1");
        assertThat(lora.members())
                .containsEntry("display_name", new JsonString("My/Lora v1"))
                .containsEntry("slug", new JsonString("my_lora_v1"))
                .containsEntry("lora", new JsonObjectBuilder().put("name", "My/Lora v1").build());
        var others = new LinkedHashMap<>(lora.members());
        others.keySet().removeAll(Set.of("display_name", "slug", "lora"));
        assertThat(CARD.toJson().members()).containsAllEntriesOf(others);
        assertThat(WorkerCard.adapter(lora)).isEqualTo("My/Lora v1");
    }

    @Test
    void adaptersThatWouldShareAKeyAreRefused() {
        assertThatThrownBy(() -> CARD.adapters(Set.of("sql v1", "SQL/v1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("case and punctuation");
    }

    @Test
    void readsTheAdapterOfAnotherWorker() {
        String json = GoldenMessages.named("record of an adapter").json();
        JsonField value = JsonField.root(Json.parse(json, JsonLimits.REQUEST));
        var record =
                RecordFormat.read("v1/mdc/dynamo/backend/generate/2a/my_lora", value).orElseThrow();

        assertThat(record)
                .isInstanceOfSatisfying(
                        InstanceRecord.Described.class,
                        it -> {
                            assertThat(it.variant()).isEqualTo("my_lora");
                            assertThat(WorkerCard.adapter(it.card())).isEqualTo("my/Lora");
                            assertThat(WorkerCard.parse(it.card()).engine().totalBlocks())
                                    .isEqualTo(24_064);
                        });
        assertThat(WorkerCard.adapter(CARD.toJson())).isEqualTo("Demo v2");
    }

    @ParameterizedTest
    @CsvSource({
        "kv, k_v",
        "round-robin, round_robin",
        "random, random",
        "power-of-two, power_of_two_choices",
        "least-loaded, least_loaded",
        "device-aware-weighted, device_aware_weighted",
        "direct, direct"
    })
    void aRouterModeIsSpelledAsInDynamosCards(String flag, String word) {
        WorkerCard card = routed(flag);
        assertThat(Json.write(card.toJson()))
                .contains(
                        "\"router_config\":{\"router_mode\":\""
                                + word
                                + "\",\"kv_router_config\":{},\"load_threshold_config\":{}}");
        assertThat(WorkerCard.parse(card.toJson())).isEqualTo(card);
        assertThat(adapter(card, "sql", "sql").members()).containsKey("router_config");
    }

    @Test
    void readsTheRouterModeOfAnotherWorker() {
        String json = GoldenMessages.named("card with a router configuration").json();
        var card = (JsonObject) Json.parse(json, JsonLimits.REQUEST);

        assertThat(WorkerCard.parse(card).routerMode()).contains("power-of-two");
        assertThat(WorkerCard.parse(CARD.toJson()).routerMode()).isEmpty();
        assertThat(CARD.toJson().members()).doesNotContainKey("router_config");
    }

    private static JsonObject adapter(WorkerCard card, String name, String key) {
        return Objects.requireNonNull(card.adapters(Set.of(name)).get(key));
    }

    private static WorkerCard routed(String mode) {
        return new WorkerCard(
                7,
                true,
                WorkerCard.Ranks.ONE,
                CARD.engine(),
                Set.of(),
                Optional.empty(),
                Optional.of(mode));
    }

    @Test
    void namesTheMemberThatIsWrong() {
        assertThatThrownBy(() -> WorkerCard.parse(with("kv_cache_block_size", "many")))
                .isInstanceOf(JsonFieldException.class)
                .hasMessageContaining("kv_cache_block_size")
                .hasMessageContaining("many");
        assertThatThrownBy(() -> WorkerCard.parse(JsonObject.EMPTY))
                .hasMessageContaining("display_name");
    }

    private static JsonObject with(String name, String text) {
        var members = new LinkedHashMap<>(CARD.toJson().members());
        members.put(name, new JsonString(text));
        return new JsonObject(members);
    }
}
