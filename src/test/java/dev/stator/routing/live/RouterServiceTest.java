package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.wire.RouterAnswer;
import dev.stator.routing.wire.RouterAnswer.FreeMarked;
import dev.stator.routing.wire.RouterAnswer.Loads;
import dev.stator.routing.wire.RouterAnswer.PotentialLoad;
import dev.stator.routing.wire.RouterAnswer.PrefillMarked;
import dev.stator.routing.wire.RouterAnswer.Refused;
import dev.stator.routing.wire.RouterAnswer.Scores;
import dev.stator.routing.wire.RouterAnswer.Selected;
import dev.stator.routing.wire.RouterQuestion;
import dev.stator.routing.wire.RouterQuestion.MarkFree;
import dev.stator.routing.wire.RouterQuestion.MarkPrefill;
import dev.stator.routing.wire.RouterQuestion.New;
import dev.stator.routing.wire.RouterQuestion.OverlapScores;
import dev.stator.routing.wire.RouterQuestion.PotentialLoads;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class RouterServiceTest {
    private static final TokenIds PROMPT = Fleet.prompt(1, 32);

    private final Fleet fleet = new Fleet(2, RouterConfig.DEFAULT);
    private final RouterService service =
            new RouterService(
                    model -> model.equals("other") ? Optional.empty() : Optional.of(fleet.engine),
                    fleet.nanos::get);

    @AfterEach
    void close() {
        service.close();
        fleet.close();
    }

    @Test
    void aSelectedWorkerIsBookedUntilItIsFreed() {
        WorkerId worker = select("one").worker();
        assertThat(fleet.load(worker).prefillTokens()).isEqualTo(32);

        assertThat(answer(new MarkPrefill("one"))).isEqualTo(new PrefillMarked(true));
        assertThat(fleet.load(worker).prefillTokens()).isZero();
        assertThat(answer(new MarkFree("one"))).isEqualTo(new FreeMarked(true));
        assertThat(fleet.router.active().loads()).isEmpty();
        assertThat(answer(new MarkFree("one"))).isEqualTo(new FreeMarked(false));
        assertThat(answer(new MarkPrefill("one"))).isEqualTo(new PrefillMarked(false));
    }

    @Test
    void aRequestThatIsAskedForAgainHoldsOneWorker() {
        select("one");
        select("one");

        assertThat(fleet.router.active().loads()).hasSize(1);
    }

    @Test
    void anAdapterIsAskedForByItsName() {
        fleet.workers.get(1).load("law");

        for (int i = 0; i < 4; i++) {
            assertThat(answer(new New("law-" + i, "law", PROMPT)))
                    .isInstanceOfSatisfying(
                            Selected.class,
                            it -> assertThat(it.worker()).isEqualTo(new WorkerId(2)));
        }
        assertThat(answer(new New("art", "art", PROMPT)))
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.message()).contains("\"art\""));
    }

    @Test
    void whatIsForgottenIsReleased() {
        WorkerId first = select("one").worker();
        fleet.nanos.addAndGet(RouterService.BOOKING_AGE_MAX.toNanos() + 1);
        WorkerId second = select("two").worker();

        assertThat(second).isNotEqualTo(first);
        assertThat(fleet.router.active().loads()).containsOnlyKeys(second);
    }

    @Test
    void loadsAndScoresBookNothing() {
        fleet.send("running", PROMPT);
        fleet.busy().running().getFirst().begin();
        WorkerId holder = new WorkerId(fleet.engines.indexOf(fleet.busy()) + 1L);

        assertThat(answer(new OverlapScores("q", "", PROMPT)))
                .isEqualTo(new Scores(Map.of(holder, 8)));
        Loads loads = (Loads) answer(new PotentialLoads("q", "manual", PROMPT));
        assertThat(loads.loads())
                .extracting(PotentialLoad::worker, PotentialLoad::activeRequests)
                .containsExactlyInAnyOrder(
                        tuple(holder, 2), tuple(new WorkerId(3 - holder.value()), 1));
        assertThat(fleet.router.active().loads()).containsOnlyKeys(holder);
    }

    @Test
    void unknownModelsAndEmptyPromptsAreRefused() {
        assertThat(
                        List.of(
                                answer(new New("q", "other", PROMPT)),
                                answer(new New("q", "", TokenIds.EMPTY))))
                .allMatch(Refused.class::isInstance);
    }

    private Selected select(String id) {
        return (Selected) answer(new New(id, "", PROMPT));
    }

    private RouterAnswer answer(RouterQuestion question) {
        return Answers.to(service, question).only();
    }
}
