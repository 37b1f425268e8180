package dev.stator.runtime.requests.callhome.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Map;

class ControlMessageTest {
    private static final String SUBJECT = "0f8fad5b-d9cb-469f-a165-70867728950e";

    /// As a frontend of Dynamo writes it, without the optional members.
    private static final String TEXT =
            """
            {"id":"r1","request_type":"single_in","response_type":"many_out",
            "payload_codec":"json",
            "connection_info":{"transport":"tcp_server","info":"{\\"address\\":\\"10.0.0.5:40001\\",
            \\"subject\\":\\"0f8fad5b-d9cb-469f-a165-70867728950e\\",\\"context\\":\\"r1\\",
            \\"stream_type\\":\\"response\\"}"}}
            """
                    .replace("\n", "");

    private static final ControlMessage MESSAGE = with(Map.of());

    @Test
    void writesWhatDynamoWrites() {
        assertThat(new String(MESSAGE.toBytes(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
        assertThat(MESSAGE.toBytes()).hasSize(276);
    }

    @Test
    void readsWhatDynamoWrites() {
        assertThat(parse(TEXT)).isEqualTo(MESSAGE);
        String more = TEXT.replace("{\"id\"", "{\"metadata\":{\"a\":\"b\"},\"new\":[],\"id\"");
        assertThat(parse(more)).isEqualTo(with(Map.of("a", "b")));
    }

    @Test
    void whatIsSaidBesidesIsAMemberOfItsOwn() {
        ControlMessage message = with(Map.of("policy-class", "batch", "a", "b"));

        String text = new String(message.toBytes(), StandardCharsets.UTF_8);
        assertThat(text).endsWith("\"}\"},\"metadata\":{\"a\":\"b\",\"policy-class\":\"batch\"}}");
        assertThat(parse(text)).isEqualTo(message);
        assertThatThrownBy(() -> parse(text.replace("\"batch\"", "7")))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("policy-class");
    }

    @Test
    void aCallerThatKeepsConnectionsSaysSo() {
        var keeping =
                new ControlMessage(
                        "r1", "10.0.0.5:40001", SUBJECT, PayloadCodec.JSON, true, Map.of());
        String text = new String(keeping.toBytes(), StandardCharsets.UTF_8);

        assertThat(text)
                .isEqualTo(
                        TEXT.replace(
                                "\\\"response\\\"}",
                                "\\\"response\\\",\\\"keeps_connection\\\":true}"));
        assertThat(parse(text)).isEqualTo(keeping);
    }

    @Test
    void olderCallersSpeakJson() {
        assertThat(parse(TEXT.replace("\"payload_codec\":\"json\",", ""))).isEqualTo(MESSAGE);
        assertThat(parse(TEXT.replace("\"json\"", "\"msgpack\"")).codec())
                .isEqualTo(PayloadCodec.MSGPACK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"id\":\"r1\"}", "{\"id\":5,\"connection_info\":{}}"})
    void anythingElseIsNotUnderstood(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(FrameException.class);
    }

    @Test
    void unknownWaysAndCodecsAreNotUnderstood() {
        assertThatThrownBy(() -> parse(TEXT.replace("tcp_server", "quic")))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("quic");
        assertThatThrownBy(() -> parse(TEXT.replace("\"json\"", "\"bincode\"")))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("bincode");
    }

    private static ControlMessage with(Map<String, String> metadata) {
        return new ControlMessage(
                "r1", "10.0.0.5:40001", SUBJECT, PayloadCodec.JSON, false, metadata);
    }

    private static ControlMessage parse(String text) {
        return ControlMessage.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
