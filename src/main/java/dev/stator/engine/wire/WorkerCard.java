package dev.stator.engine.wire;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.hints.PlacementJson;
import dev.stator.kv.cache.WorkerId;
import dev.stator.model.card.ModelFiles;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// What a worker says about itself in discovery: Dynamo's model deployment card.
///
/// What Dynamo has no member for stands in `runtime_config.runtime_data`: the incarnation of the
/// cache, and whether the worker publishes KV events. Cards of others are read as incarnation 0,
/// publishing.
///
/// @param incarnation of its cache
/// @param publishesEvents whether its KV events can be heard
/// @param ranks of its engine
/// @param engine its capacities are those of one rank
/// @param taints the kinds of worker it is, as in `gpu=h100`
/// @param files what a frontend needs to speak to the model; empty when it must know by itself
/// @param routerMode how requests are to be routed to it and its like, as `--router-mode` has it;
///     empty when the router decides
public record WorkerCard(
        long incarnation,
        boolean publishesEvents,
        Ranks ranks,
        EngineInfo engine,
        Set<String> taints,
        Optional<ModelFiles> files,
        Optional<String> routerMode) {
    private static final String MODEL = "display_name";
    private static final String CONTEXT_LENGTH = "context_length";
    private static final String BLOCK_SIZE = "kv_cache_block_size";
    private static final String RUNTIME = "runtime_config";
    private static final String RUNTIME_DATA = "runtime_data";
    private static final String TOTAL_BLOCKS = "total_kv_blocks";
    private static final String MAX_BATCH_TOKENS = "max_num_batched_tokens";
    private static final String MAX_SEQUENCES = "max_num_seqs";
    private static final String KV_EVENTS = "kv_events";
    private static final String FIRST_RANK = "data_parallel_start_rank";
    private static final String RANKS = "data_parallel_size";
    private static final String TAINTS = "taints";
    private static final String LORA = "lora";
    private static final String NAME = "name";
    private static final String ROUTER = "router_config";
    private static final int COUNT_MAX = Integer.MAX_VALUE;

    public WorkerCard {
        taints = Set.copyOf(taints);
    }

    /// For a worker that leaves the routing to the router.
    public WorkerCard(
            long incarnation,
            boolean publishesEvents,
            Ranks ranks,
            EngineInfo engine,
            Set<String> taints,
            Optional<ModelFiles> files) {
        this(incarnation, publishesEvents, ranks, engine, taints, files, Optional.empty());
    }

    /// Data-parallel ranks with consecutive numbers. Each has a KV cache and a scheduler of its own
    /// and counts as a worker in routing.
    public record Ranks(int first, int count) {

        /// What most engines have.
        public static final Ranks ONE = new Ranks(0, 1);

        /// More than the largest deployments have.
        public static final int COUNT_MAX = 1_024;

        public Ranks {
            if (first < 0 || first > COUNT_MAX || count < 1 || count > COUNT_MAX) {
                throw new IllegalArgumentException(
                        "ranks must be 1 to %d, from 0 to %d on: %d from %d on"
                                .formatted(COUNT_MAX, COUNT_MAX, count, first));
            }
        }

        /// As workers of a process.
        public List<WorkerId> of(long process) {
            return IntStream.range(first, first + count)
                    .mapToObj(rank -> new WorkerId(process, rank))
                    .toList();
        }
    }

    /// For a worker of one rank whose frontend knows the model, and that publishes events.
    public static WorkerCard of(long incarnation, EngineInfo engine) {
        return new WorkerCard(incarnation, true, Ranks.ONE, engine, Set.of(), Optional.empty());
    }

    public JsonObject toJson() {
        return json(engine.model()).build();
    }

    /// The cards of adapters that are loaded besides the model, by the names that end their keys:
    /// the card of the model under another name, with a member that names the adapter.
    ///
    /// Throws `IllegalArgumentException` for a blank name, the model's own, and two that would have
    /// the same key.
    public Map<String, JsonObject> adapters(Set<String> names) {
        Map<String, JsonObject> cards = new HashMap<>();
        for (String name : names) {
            if (name.isBlank() || name.equals(engine.model())) {
                throw new IllegalArgumentException(
                        "an adapter must have a name of its own: \"%s\"".formatted(name));
            }
            var lora = new JsonObjectBuilder().put(NAME, name).build();
            if (cards.put(slug(name), json(name).put(LORA, lora).build()) != null) {
                throw new IllegalArgumentException(
                        "adapters must differ in more than case and punctuation: " + name);
            }
        }
        return cards;
    }

    /// The adapter that a card speaks of. Throws `JsonFieldException` when it names none.
    public static String adapter(JsonObject card) {
        JsonField json = JsonField.root(card);
        JsonField name = json.objectOrEmpty(LORA).get(NAME);
        return (name.isPresent() ? name : json.get(MODEL)).string();
    }

    private JsonObjectBuilder json(String name) {
        var json = new JsonObjectBuilder();
        json.put(MODEL, name).put("slug", slug(name));
        files.ifPresent(it -> it.writeTo(json));
        routerMode.ifPresent(it -> json.put(ROUTER, RouterModes.write(it)));
        return json.put(CONTEXT_LENGTH, engine.contextLengthTokens())
                .put(BLOCK_SIZE, engine.blockSizeTokens())
                .put("migration_limit", 0)
                .put("model_type", "Chat | Completions")
                .put("model_input", "Tokens")
                .put("worker_type", "aggregated")
                .putAll("needs", List.of())
                .put(RUNTIME, runtime())
                .putNulls("media_decoder", "media_fetcher");
    }

    private JsonObject runtime() {
        var json = new JsonObjectBuilder();
        if (!taints.isEmpty()) {
            json.putStrings(TAINTS, taints.stream().sorted().toList());
        }
        return json.put(TOTAL_BLOCKS, engine.totalBlocks())
                .put(MAX_SEQUENCES, engine.maxSequences())
                .put(MAX_BATCH_TOKENS, engine.maxBatchTokens())
                .putNulls("tool_call_parser", "reasoning_parser")
                .put(FIRST_RANK, ranks.first())
                .put(RANKS, ranks.count())
                .put("enable_local_indexer", true)
                .put(
                        RUNTIME_DATA,
                        new JsonObjectBuilder()
                                .put(RouterEventJson.INCARNATION, Long.toHexString(incarnation))
                                .put(KV_EVENTS, publishesEvents)
                                .build())
                .build();
    }

    /// Throws `JsonFieldException` naming the member that is missing or malformed.
    public static WorkerCard parse(JsonObject card) {
        JsonField json = JsonField.root(card);
        JsonField runtime = json.objectOrEmpty(RUNTIME);
        JsonField data = runtime.objectOrEmpty(RUNTIME_DATA);
        return new WorkerCard(
                RouterEventJson.incarnation(data),
                !data.get(KV_EVENTS).isPresent() || data.get(KV_EVENTS).bool(),
                ranks(runtime),
                new EngineInfo(
                        json.get(MODEL).string(),
                        contextLength(json, runtime),
                        json.get(BLOCK_SIZE).integer(1, COUNT_MAX),
                        count(runtime.get(TOTAL_BLOCKS)),
                        count(runtime.get(MAX_BATCH_TOKENS)),
                        count(runtime.get(MAX_SEQUENCES))),
                PlacementJson.names(runtime.get(TAINTS)),
                ModelFiles.read(json),
                RouterModes.read(json.objectOrEmpty(ROUTER)));
    }

    /// Newer cards have it in `runtime_config`, or only what the architecture allows.
    private static int contextLength(JsonField json, JsonField runtime) {
        JsonField own = json.get(CONTEXT_LENGTH);
        JsonField configured = runtime.get(CONTEXT_LENGTH);
        if (own.isPresent() || !configured.isPresent()) {
            JsonField architectural = json.get("architectural_max_context_length");
            return (!own.isPresent() && architectural.isPresent() ? architectural : own)
                    .integer(1, COUNT_MAX);
        }
        return configured.integer(1, COUNT_MAX);
    }

    private static Ranks ranks(JsonField runtime) {
        return new Ranks(
                runtime.get(FIRST_RANK).integerOr(0, 0, Ranks.COUNT_MAX),
                runtime.get(RANKS).integerOr(1, 1, Ranks.COUNT_MAX));
    }

    private static int count(JsonField json) {
        return json.integerOr(0, 0, COUNT_MAX);
    }

    private static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "_");
    }

    /// The mode in a `router_config`, which has more members than are looked at. Its words are
    /// those of the flag in snake case, but for two.
    private static final class RouterModes {
        private static final String MODE = "router_mode";
        private static final Map<String, String> OWN_WORDS =
                Map.of("kv", "k_v", "power-of-two", "power_of_two_choices");

        static JsonObject write(String flag) {
            return new JsonObjectBuilder()
                    .put(MODE, OWN_WORDS.getOrDefault(flag, flag.replace('-', '_')))
                    .put("kv_router_config", JsonObject.EMPTY)
                    .put("load_threshold_config", JsonObject.EMPTY)
                    .build();
        }

        static Optional<String> read(JsonField config) {
            return config.get(MODE).optional().map(JsonField::string).map(RouterModes::flag);
        }

        private static String flag(String word) {
            return OWN_WORDS.entrySet().stream()
                    .filter(it -> it.getValue().equals(word))
                    .findFirst()
                    .map(Map.Entry::getKey)
                    .orElse(word.replace('_', '-'));
        }
    }
}
