package dev.stator.routing.wire;

import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.routing.wire.RouterAnswer.FreeMarked;
import dev.stator.routing.wire.RouterAnswer.Loads;
import dev.stator.routing.wire.RouterAnswer.PotentialLoad;
import dev.stator.routing.wire.RouterAnswer.PrefillMarked;
import dev.stator.routing.wire.RouterAnswer.Refused;
import dev.stator.routing.wire.RouterAnswer.Scores;
import dev.stator.routing.wire.RouterAnswer.Selected;
import dev.stator.routing.wire.RouterQuestion.MarkFree;
import dev.stator.routing.wire.RouterQuestion.MarkPrefill;
import dev.stator.routing.wire.RouterQuestion.New;
import dev.stator.routing.wire.RouterQuestion.OverlapScores;
import dev.stator.routing.wire.RouterQuestion.PotentialLoads;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.EndpointCodec;
import dev.stator.runtime.requests.ItemReader;
import dev.stator.tokens.TokenIds;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Questions to routers as Dynamo has them, told apart by `method`:
///
/// ```
/// {"method": "new", "tokens": [1, 2]}   {"method": "new", "worker_id": 7, "dp_rank": 0,
///                                        "overlap_blocks": 3}
/// {"method": "mark_prefill"}            {"method": "prefill_marked", "success": true}
/// {"method": "mark_free"}               {"method": "free_marked", "success": true}
/// {"method": "potential_loads", "tokens": [1]}
///                                       {"method": "potential_loads", "loads": [{…}]}
/// {"method": "overlap_scores", "tokens": [1]}
///                                       {"method": "overlap_scores", "scores":
///                                        [{"worker_id": 7, "dp_rank": 0, "overlap_blocks": 3}]}
/// ```
///
/// `overlap_scores`, `model` and `{"method": "error", "message"}` are ours. An endpoint that serves
/// one method understands questions without it.
///
/// @param method of questions that name none
public record RouterCodec(String method) implements EndpointCodec<RouterQuestion, RouterAnswer> {
    private static final String METHOD = "method";
    private static final String NEW = "new";
    private static final String MARK_PREFILL = "mark_prefill";
    private static final String MARK_FREE = "mark_free";
    private static final String LOADS = "potential_loads";
    private static final String SCORES = "overlap_scores";
    private static final String ERROR = "error";
    private static final String REQUEST_ID = "request_id";
    private static final String SUCCESS = "success";
    private static final String WORKER_ID = "worker_id";
    private static final String RANK = "dp_rank";
    private static final String OVERLAP = "overlap_blocks";
    private static final String PENDING = "pending_count";
    private static final String PENDING_TOKENS = "pending_isl_tokens";
    private static final int COUNT_MAX = Integer.MAX_VALUE;

    /// A router's `generate`, which takes every question.
    public static Endpoint<RouterQuestion, RouterAnswer> all(EndpointId id) {
        return new Endpoint<>(id, RouterQuestion.class, RouterAnswer.class, new RouterCodec(""));
    }

    /// A router's `best_worker_id`.
    public static Endpoint<RouterQuestion, RouterAnswer> best(EndpointId id) {
        return new Endpoint<>(id, RouterQuestion.class, RouterAnswer.class, new RouterCodec(NEW));
    }

    /// A router's `get_overlap_scores`.
    public static Endpoint<RouterQuestion, RouterAnswer> scores(EndpointId id) {
        return new Endpoint<>(
                id, RouterQuestion.class, RouterAnswer.class, new RouterCodec(SCORES));
    }

    @Override
    public String requestId(RouterQuestion question) {
        return question.requestId();
    }

    @Override
    public Map<String, String> metadata(RouterQuestion question) {
        return question instanceof New asked ? asked.metadata() : Map.of();
    }

    @Override
    public JsonValue writeRequest(RouterQuestion question) {
        return switch (question) {
            case New(_, var model, var tokens, _) -> asked(NEW, model, tokens);
            case PotentialLoads(_, var model, var tokens) -> asked(LOADS, model, tokens);
            case OverlapScores(_, var model, var tokens) -> asked(SCORES, model, tokens);
            case MarkPrefill(var id) -> marked(MARK_PREFILL, id);
            case MarkFree(var id) -> marked(MARK_FREE, id);
        };
    }

    @Override
    public RouterQuestion readRequest(String requestId, JsonField json) {
        JsonField named = json.get(METHOD);
        String asked = named.isPresent() || method.isEmpty() ? named.string() : method;
        return switch (asked) {
            case NEW -> new New(requestId, text(json, "model", ""), tokens(json));
            case LOADS -> new PotentialLoads(requestId, text(json, "model", ""), tokens(json));
            case SCORES -> new OverlapScores(requestId, text(json, "model", ""), tokens(json));
            case MARK_PREFILL -> new MarkPrefill(text(json, REQUEST_ID, requestId));
            case MARK_FREE -> new MarkFree(text(json, REQUEST_ID, requestId));
            default -> throw named.invalid("must be a router's method");
        };
    }

    @Override
    public RouterQuestion withMetadata(RouterQuestion question, Map<String, String> metadata) {
        return question instanceof New(var id, var model, var tokens, _)
                ? new New(id, model, tokens, metadata)
                : question;
    }

    @Override
    public JsonValue writeItem(RouterAnswer answer) {
        JsonObject body =
                switch (answer) {
                    case Selected(var worker, int overlap) ->
                            overlap(worker, overlap).put(METHOD, NEW).build();
                    case PrefillMarked(boolean success) -> success("prefill_marked", success);
                    case FreeMarked(boolean success) -> success("free_marked", success);
                    case Loads(var loads, int requests, long tokens) ->
                            method(LOADS)
                                    .putAll("loads", loads.stream().map(RouterCodec::load).toList())
                                    .put(PENDING, requests)
                                    .put(PENDING_TOKENS, tokens)
                                    .build();
                    case Scores(var blocks) ->
                            method(SCORES).putAll("scores", scores(blocks)).build();
                    case Refused(var message) -> method(ERROR).put("message", message).build();
                };
        return new JsonObjectBuilder().put("data", body).build();
    }

    @Override
    public ItemReader<RouterAnswer> reader(RouterQuestion question) {
        return element -> List.of(answer(element.get("data")));
    }

    private static RouterAnswer answer(JsonField json) {
        JsonField named = json.get(METHOD);
        return switch (named.string()) {
            case NEW -> new Selected(workerId(json), json.get(OVERLAP).integer(0, COUNT_MAX));
            case "prefill_marked" -> new PrefillMarked(json.get(SUCCESS).bool());
            case "free_marked" -> new FreeMarked(json.get(SUCCESS).bool());
            case LOADS ->
                    new Loads(
                            json.get("loads").items().stream().map(RouterCodec::load).toList(),
                            json.get(PENDING).integerOr(0, 0, COUNT_MAX),
                            json.get(PENDING_TOKENS).integerOr(0L, 0, Long.MAX_VALUE));
            case SCORES -> new Scores(scores(json.get("scores")));
            case ERROR -> new Refused(json.get("message").string());
            default -> throw named.invalid("must be a router's answer");
        };
    }

    private static JsonObject asked(String method, String model, TokenIds tokens) {
        JsonObjectBuilder json = method(method);
        if (!model.isEmpty()) {
            json.put("model", model);
        }
        return json.putNumbers("tokens", tokens.toArray()).build();
    }

    private static JsonObject marked(String method, String requestId) {
        return method(method).put(REQUEST_ID, requestId).build();
    }

    private static JsonObject success(String method, boolean success) {
        return method(method).put(SUCCESS, success).build();
    }

    private static JsonObjectBuilder method(String name) {
        return new JsonObjectBuilder().put(METHOD, name);
    }

    private static JsonObjectBuilder worker(WorkerId worker) {
        return new JsonObjectBuilder()
                .putUnsigned(WORKER_ID, worker.value())
                .put(RANK, worker.rank());
    }

    private static JsonObjectBuilder overlap(WorkerId worker, int blocks) {
        return worker(worker).put(OVERLAP, blocks);
    }

    private static JsonObject load(PotentialLoad load) {
        return worker(load.worker())
                .put("potential_prefill_tokens", load.prefillTokens())
                .put("potential_decode_blocks", load.decodeBlocks())
                .put("active_requests", load.activeRequests())
                .build();
    }

    private static PotentialLoad load(JsonField json) {
        return new PotentialLoad(
                workerId(json),
                json.get("potential_prefill_tokens").integer(0, Long.MAX_VALUE),
                json.get("potential_decode_blocks").integer(0, COUNT_MAX),
                json.get("active_requests").integer(0, COUNT_MAX));
    }

    private static List<JsonObject> scores(Map<WorkerId, Integer> blocks) {
        return new TreeMap<>(blocks)
                .entrySet().stream()
                        .map(it -> overlap(it.getKey(), it.getValue()).build())
                        .toList();
    }

    private static Map<WorkerId, Integer> scores(JsonField json) {
        Map<WorkerId, Integer> blocks = new HashMap<>();
        json.items().forEach(it -> blocks.put(workerId(it), it.get(OVERLAP).integer(0, COUNT_MAX)));
        return blocks;
    }

    /// Without a rank it is the first one.
    private static WorkerId workerId(JsonField json) {
        return new WorkerId(
                json.get(WORKER_ID).unsignedLong(), json.get(RANK).integerOr(0, 0, COUNT_MAX));
    }

    private static TokenIds tokens(JsonField json) {
        JsonField named = json.get("tokens");
        JsonField tokens = named.isPresent() ? named : json.get("token_ids");
        return TokenIds.of(
                tokens.items().stream().mapToInt(it -> it.integer(0, COUNT_MAX)).toArray());
    }

    private static String text(JsonField json, String name, String otherwise) {
        JsonField member = json.get(name);
        return member.isPresent() ? member.string() : otherwise;
    }
}
