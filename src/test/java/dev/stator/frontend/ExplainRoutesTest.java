package dev.stator.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.simulated.TimingModel;
import dev.stator.frontend.explain.DecisionSource;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.routing.CostModel;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.explain.DecisionLog;
import dev.stator.routing.explain.DecisionRecord;
import dev.stator.routing.explain.DecisionRecord.RefusalReason;
import dev.stator.routing.explain.DecisionRecord.Verdict;
import dev.stator.routing.explain.Decisions;
import dev.stator.routing.explain.Decisions.Stand;
import dev.stator.routing.explain.HitLadder;
import dev.stator.routing.explain.HitLadder.Cached;
import dev.stator.routing.explain.HitLadder.Served;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

class ExplainRoutesTest {
    private static final Verdict CHOSEN =
            new Verdict.Chosen(
                    Decisions.cheapest(
                            new CostModel.Time(TimePrices.DEFAULT),
                            new Stand(0x2a, 11, 0, 0),
                            new Stand(0x3b, 0, 0, 0)),
                    0,
                    false);

    private final DecisionLog log = new DecisionLog(DecisionLog.Limits.DEFAULT, () -> Decisions.AT);
    private final HitLadder ladder = new HitLadder(() -> 0);
    private final BatchingEngine engine = SimulatedEngines.open(4, TimingModel.INSTANT);
    private final TestFrontend frontend =
            new TestFrontend(engine, new DecisionSource(log, () -> Map.of("demo", ladder)));

    @AfterEach
    void close() {
        frontend.close();
        engine.close();
    }

    @Test
    void aDecisionIsFoundByTheIdOfItsResponse() throws Exception {
        DecisionRecord decided = log.add(Decisions.asked("chatcmpl-1", 1), CHOSEN);
        log.complete(decided, Decisions.outcome(176, 31));
        JsonField decision = decisions("chatcmpl-1").getFirst();

        assertThat(decision.get("chosen").string()).isEqualTo("2a");
        assertThat(decision.get("why").string()).startsWith("Worker 2a was chosen because it had");
        assertThat(decision.get("reason").get("rule").string()).isEqualTo("cheapest");
        JsonField against = decision.get("reason").get("against");
        assertThat(against.get("worker").string()).isEqualTo("3b");
        assertThat(against.get("deciding_term").string()).isEqualTo("prefill");
        assertThat(against.get("costs_more").number()).isPositive();
        assertThat(decision.get("predicted").get("ttft_ms").number()).isEqualTo(26);
        assertThat(decision.get("outcome").get("ttft_ms").number()).isEqualTo(31);
        assertThat(decision.get("outcome").get("cached_tokens").integer(0, 999)).isEqualTo(176);
        List<JsonField> candidates = decision.get("candidates").items();
        assertThat(candidates)
                .extracting(it -> it.get("worker").string())
                .containsExactly("2a", "3b");
        assertThat(candidates.getFirst().get("cached").get("device_tokens").integer(0, 999))
                .isEqualTo(176);
        assertThat(candidates.getFirst().get("cost").get("terms").members().keySet())
                .contains("wait", "prefill", "decode");
    }

    @Test
    void aReplicationIsToldWithItsDecision() throws Exception {
        var model = new CostModel.Time(TimePrices.DEFAULT);
        var choice =
                Decisions.replicating(
                        Decisions.cheapest(
                                model, new Stand(0x2a, 11, 2, 900), new Stand(0x3b, 0, 0, 0)),
                        11);
        log.add(Decisions.asked("chatcmpl-1", 1), new Verdict.Chosen(choice, 0, false));
        log.add(Decisions.asked("chatcmpl-2", 1), CHOSEN);

        JsonField rebalance = decisions("chatcmpl-1").getFirst().get("rebalance");
        assertThat(rebalance.get("from").string()).isEqualTo("2a");
        assertThat(rebalance.get("to").string()).isEqualTo("3b");
        assertThat(rebalance.get("from_wait_ms").number()).isEqualTo(900);
        assertThat(rebalance.get("blocks").integer(0, 99)).isEqualTo(11);
        assertThat(rebalance.get("sequence_hash").unsignedLong())
                .isEqualTo(choice.rebalance().orElseThrow().sequenceHash());
        assertThat(decisions("chatcmpl-2").getFirst().get("rebalance").isPresent()).isFalse();
    }

    @Test
    void aDecisionIsFoundByTheHeaderOfItsRequest() throws Exception {
        String older = ask("my-request");
        String newer = ask("my-request");
        log.add(Decisions.asked(older, 1), CHOSEN);
        log.add(Decisions.asked(newer, 1), CHOSEN);
        JsonField body = get("/v1/stator/decisions/my-request");

        assertThat(body.get("request_id").string()).isEqualTo(newer);
        assertThat(body.get("x_request_id").string()).isEqualTo("my-request");
        assertThat(body.get("others_of_this_name").items())
                .extracting(JsonField::string)
                .containsExactly(older);
        assertThat(body.get("decisions").items()).hasSize(1);
    }

    @Test
    void allChoicesAndAttemptsOfARequestBelongToIt() throws Exception {
        HttpResponse<String> response = frontend.chat(TestFrontend.body(",\"n\":2"));
        String id = parse(response).get("id").string();
        log.add(Decisions.asked(id, 1), CHOSEN);
        log.add(Decisions.asked(id + "-1", 1), CHOSEN);
        log.add(Decisions.asked(id, 2), new Verdict.Refused(RefusalReason.NO_WORKER, 0, ""));

        assertThat(decisions(id))
                .extracting(it -> it.get("request_id").string())
                .containsExactly(id, id, id + "-1");
        JsonField last = decisions(id).get(1);
        assertThat(last.get("refused").get("reason").string()).isEqualTo("no_worker");
        assertThat(last.get("chosen").isPresent()).isFalse();
    }

    @Test
    void whatIsNotKnownIsNotFoundAndSaysHowMuchIsKept() throws Exception {
        HttpResponse<String> response = frontend.get("/v1/stator/decisions/chatcmpl-none");

        assertThat(response.statusCode()).isEqualTo(404);
        JsonField error = parse(response).get("error");
        assertThat(error.get("message").string())
                .isEqualTo(
                        "no decision about request 'chatcmpl-none' is known here: each frontend"
                                + " keeps its last 4,096, for at most 60 minutes");
        assertThat(error.get("code").string()).isEqualTo("decision_not_found");
    }

    @Test
    void theNewestAreListedFirst() throws Exception {
        for (int i = 0; i < 30; i++) {
            log.add(Decisions.asked("r" + i, 1), CHOSEN);
        }

        assertThat(get("/v1/stator/decisions").get("decisions").items()).hasSize(20);
        assertThat(get("/v1/stator/decisions?limit=2").get("decisions").items())
                .extracting(it -> it.get("request_id").string())
                .containsExactly("r29", "r28");
        for (String wrong : List.of("0", "501", "many", "")) {
            assertThat(frontend.get("/v1/stator/decisions?limit=" + wrong).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void everyModeCanBeWritten() throws Exception {
        for (RoutingMode mode : RoutingMode.values()) {
            var choice = Decisions.first(mode, 0.5, new Stand(1, 0, 0, 0), new Stand(2, 3, 0, 0));
            log.add(Decisions.asked(mode.flag(), 1), new Verdict.Chosen(choice, 0, false));

            assertThat(decisions(mode.flag()).getFirst().get("policy").get("mode").string())
                    .isEqualTo(mode.flag());
        }
    }

    @Test
    void theLadderIsShownPerModel() throws Exception {
        for (int i = 0; i < 2; i++) {
            TokenBlocks prompt = TokenBlocks.of(16, 1, 2, 3, 4);
            ladder.add(new Served(80, prompt, new Cached(48, 32, 16), 100));
        }
        JsonField model = get("/v1/stator/ladder").get("models").items().getFirst();

        assertThat(model.get("model").string()).isEqualTo("demo");
        assertThat(model.get("lately").get("requests").integer(0, 9)).isEqualTo(2);
        assertThat(model.get("lately").get("rungs").items())
                .extracting(it -> it.get("rung").string(), it -> it.get("ratio").number())
                .containsExactly(
                        tuple("ideal", 0.4),
                        tuple("capacity_bound", 0.4),
                        tuple("best_worker", 0.6),
                        tuple("predicted", 0.4),
                        tuple("achieved", 0.2));
    }

    private String ask(String requestId) throws Exception {
        var request =
                HttpRequest.newBuilder(frontend.uri(TestFrontend.CHAT))
                        .header("x-request-id", requestId)
                        .POST(BodyPublishers.ofString(TestFrontend.body(",\"max_tokens\":2")));
        return parse(frontend.send(request)).get("id").string();
    }

    private List<JsonField> decisions(String id) throws Exception {
        return get("/v1/stator/decisions/" + id).get("decisions").items();
    }

    private JsonField get(String path) throws Exception {
        HttpResponse<String> response = frontend.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return parse(response);
    }

    private static JsonField parse(HttpResponse<String> response) {
        return JsonField.root(Json.parse(response.body(), JsonLimits.REQUEST));
    }
}
