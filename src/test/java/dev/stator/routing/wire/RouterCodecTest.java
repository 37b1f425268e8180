package dev.stator.routing.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
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
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;

class RouterCodecTest {
    private static final RouterCodec CODEC = new RouterCodec("");
    private static final WorkerId FAR = new WorkerId(-2);
    private static final WorkerId SECOND_RANK = new WorkerId(-2, 1);

    static List<RouterQuestion> questions() {
        var tokens = TokenIds.of(1, 2, 3);
        return List.of(
                new New("r", "", tokens),
                new New("r", "demo", tokens),
                new PotentialLoads("r", "demo", tokens),
                new OverlapScores("r", "", tokens),
                new MarkPrefill("r"),
                new MarkFree("r"));
    }

    static List<RouterAnswer> answers() {
        return List.of(
                new Selected(SECOND_RANK, 3),
                new PrefillMarked(true),
                new FreeMarked(false),
                new Loads(List.of(new PotentialLoad(SECOND_RANK, 512, 40, 2)), 3, 4_096),
                new Scores(Map.of(FAR, 3, SECOND_RANK, 2, new WorkerId(7), 1)),
                new Refused("there is no worker"));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void questionsAreReadAsTheyWereWritten(RouterQuestion question) {
        assertThat(CODEC.readRequest("r", JsonField.root(CODEC.writeRequest(question))))
                .isEqualTo(question);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAreReadAsTheyWereWritten(RouterAnswer answer) {
        assertThat(CODEC.reader(new MarkFree("r")).read(JsonField.root(CODEC.writeItem(answer))))
                .containsExactly(answer);
    }

    @Test
    void whatTravelsBesideAQuestionForAWorkerIsKept() {
        var batch = new New("r", "", TokenIds.of(5), Map.of("policy-class", "batch"));

        assertThat(CODEC.metadata(batch)).containsExactly(Map.entry("policy-class", "batch"));
        assertThat(CODEC.withMetadata(new New("r", "", TokenIds.of(5)), CODEC.metadata(batch)))
                .isEqualTo(batch);
        var free = new MarkFree("r");
        assertThat(CODEC.metadata(free)).isEmpty();
        assertThat(CODEC.withMetadata(free, CODEC.metadata(batch))).isEqualTo(free);
    }

    @Test
    void theFormIsDynamos() {
        assertThat(Json.write(CODEC.writeRequest(new New("r", "", TokenIds.of(5)))))
                .isEqualTo("{\"method\":\"new\",\"tokens\":[5]}");
        assertThat(Json.write(CODEC.writeItem(new Selected(SECOND_RANK, 3))))
                .isEqualTo(
                        """
                        {"data":{"worker_id":18446744073709551614,"dp_rank":1,\
                        "overlap_blocks":3,"method":"new"}}\
                        """);
    }

    @Test
    void anEndpointOfOneMethodNeedsNoMethod() {
        JsonField tokens = json("{\"token_ids\": [5]}");

        assertThat(new RouterCodec("new").readRequest("r", tokens))
                .isEqualTo(new New("r", "", TokenIds.of(5)));
        assertThatThrownBy(() -> CODEC.readRequest("r", tokens))
                .isInstanceOf(JsonFieldException.class)
                .hasMessageContaining("method");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> CODEC.readRequest("r", json("{\"method\": \"fly\"}")))
                .hasMessageContaining("fly");
        assertThatThrownBy(
                        () -> CODEC.readRequest("r", json("{\"method\":\"new\",\"tokens\":[-1]}")))
                .hasMessageContaining("tokens[0]");
    }

    private static JsonField json(String text) {
        return JsonField.root(Json.parse(text, JsonLimits.REQUEST));
    }
}
