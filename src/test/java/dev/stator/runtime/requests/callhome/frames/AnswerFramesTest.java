package dev.stator.runtime.requests.callhome.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.callhome.frames.AnswerFrames.Word;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

class AnswerFramesTest {
    private static final String BEGUN =
            "000000000000000e00000000000000000000000000000000" + "7b226572726f72223a6e756c6c7d";
    private static final String SENTINEL =
            "000000000000000a00000000000000000000000000000000" + "2273656e74696e656c22";
    private static final String KILL =
            "000000000000000600000000000000000000000000000000" + "226b696c6c22";
    private static final String STOP =
            "000000000000000600000000000000000000000000000000" + "2273746f7022";

    @Test
    void fixedFramesAreTheBytesOfDynamo() {
        assertThat(hex(AnswerFrames.begun())).isEqualTo(BEGUN);
        assertThat(hex(AnswerFrames.sentinel())).isEqualTo(SENTINEL);
        assertThat(hex(Word.KILL.toBytes())).isEqualTo(KILL);
        assertThat(hex(Word.STOP.toBytes())).isEqualTo(STOP);
    }

    @Test
    void aWorkerSaysWhatItAnswers() {
        TwoPartMessage hello = TwoPartMessage.parse(AnswerFrames.hello("the-subject"));

        assertThat(hello.headerText())
                .isEqualTo("{\"subject\":\"the-subject\",\"stream_type\":\"response\"}");
        assertThat(AnswerFrames.readHello(hello)).isEqualTo("the-subject");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "{}", "{\"subject\":5}", "{\"subject\":", "\"sentinel\""})
    void anythingElseFromAStrangerIsNotUnderstood(String header) {
        assertThatThrownBy(() -> AnswerFrames.readHello(TwoPartMessage.ofHeader(header)))
                .isInstanceOf(FrameException.class);
    }

    @Test
    void anItemIsWrappedAsDynamoWrapsIt() {
        JsonValue item = json("{\"data\":{\"token_ids\":[5]}}");

        assertThat(Json.write(AnswerFrames.item(item)))
                .isEqualTo("{\"data\":{\"data\":{\"token_ids\":[5]}},\"complete_final\":false}");
        assertThat(Json.write(AnswerFrames.complete())).isEqualTo("{\"complete_final\":true}");
        assertThat(AnswerFrames.readItem(AnswerFrames.item(item)).data().value()).isEqualTo(item);
    }

    @Test
    void theEndMayComeWithDataAndWithNulls() {
        var last = AnswerFrames.readItem(json("{\"data\":\"x\",\"complete_final\":true}"));
        assertThat(last.data().value()).isEqualTo(new JsonString("x"));
        assertThat(last.isFinal()).isTrue();

        var end = AnswerFrames.readItem(json("{\"data\":null,\"complete_final\":true,\"new\":1}"));
        assertThat(end.data().isPresent()).isFalse();
        assertThat(end.isFinal()).isTrue();

        var item = AnswerFrames.readItem(json("{\"data\":\"x\"}"));
        assertThat(item.isFinal()).isFalse();
        assertThatThrownBy(() -> AnswerFrames.readItem(json("[]")))
                .isInstanceOf(JsonFieldException.class);
    }

    @ParameterizedTest
    @EnumSource
    void failuresArriveAsTheyAre(FailureCause cause) {
        var failure = new Failed(cause, "no more");

        assertThat(AnswerFrames.readItem(AnswerFrames.failed(failure)).failure()).contains(failure);
        assertThat(AnswerFrames.readBegun(TwoPartMessage.parse(AnswerFrames.notBegun(failure))))
                .contains(failure);
    }

    @Test
    void dynamoSeesAnErrorItem() {
        var failure = new Failed(FailureCause.HANDLER_FAILED, "no more");

        assertThat(Json.write(AnswerFrames.failed(failure)))
                .isEqualTo(
                        "{\"data\":{\"event\":\"error\",\"comment\":[\"no more\"],\"error\":"
                                + "{\"error_type\":\"Unknown\",\"message\":\"no more\"}},"
                                + "\"complete_final\":false,\"failed\":true}");
        assertThat(AnswerFrames.readItem(json("{\"data\":{\"event\":\"error\"}}")).failure())
                .as("an error item of the endpoint's own is an item")
                .isEmpty();
    }

    @Test
    void aPlainErrorBeforeTheBeginningIsUnderstood() {
        assertThat(AnswerFrames.readBegun(TwoPartMessage.ofHeader("{\"error\":null}"))).isEmpty();
        assertThat(AnswerFrames.readBegun(TwoPartMessage.ofHeader("{\"error\":\"no model\"}")))
                .contains(new Failed(FailureCause.HANDLER_FAILED, "no model"));
        byte[] text = "Server overloaded: busy".getBytes(StandardCharsets.UTF_8);
        assertThat(AnswerFrames.readBegun(TwoPartMessage.ofBody(text)))
                .contains(new Failed(FailureCause.OVERLOADED, "Server overloaded: busy"));
        assertThatThrownBy(
                        () -> AnswerFrames.readBegun(TwoPartMessage.ofBody(new byte[] {'{', '}'})))
                .isInstanceOf(FrameException.class);
    }

    @Test
    void aCallerSaysStopOrKill() {
        assertThat(Word.read(TwoPartMessage.parse(Word.KILL.toBytes()))).isEqualTo(Word.KILL);
        assertThat(Word.read(TwoPartMessage.parse(Word.STOP.toBytes()))).isEqualTo(Word.STOP);
        assertThat(Word.read(TwoPartMessage.parse(Word.KEPT.toBytes()))).isEqualTo(Word.KEPT);
        assertThatThrownBy(() -> Word.read(TwoPartMessage.ofHeader("\"go\"")))
                .isInstanceOf(FrameException.class);
    }

    @Test
    void onlyTheSentinelHasAHeaderWithinAnAnswer() {
        assertThat(AnswerFrames.isSentinel(TwoPartMessage.parse(AnswerFrames.sentinel()))).isTrue();
        assertThat(AnswerFrames.isSentinel(TwoPartMessage.ofBody(new byte[0]))).isFalse();
        assertThatThrownBy(() -> AnswerFrames.isSentinel(TwoPartMessage.ofHeader("\"stop\"")))
                .isInstanceOf(FrameException.class);
    }

    private static JsonValue json(String text) {
        return Json.parse(text, JsonLimits.REQUEST);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
