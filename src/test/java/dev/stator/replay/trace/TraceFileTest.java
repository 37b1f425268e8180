package dev.stator.replay.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.replay.trace.TraceRequest.Turn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

class TraceFileTest {
    @TempDir private Path folder;

    @Test
    void mooncakeRowsAreRead() throws IOException {
        Trace trace =
                read(
                        """
                        {"timestamp": 0, "input_length": 1300, "output_length": 5, \
                        "hash_ids": [0, 1, 2]}
                        {"timestamp": 1500, "input_length": 512, "output_length": 0, \
                        "hash_ids": [7]}
                        """);

        assertThat(trace.blockSizeTokens()).isEqualTo(512);
        assertThat(trace.requests())
                .containsExactly(
                        new TraceRequest(0, 1300, 5, BlockIds.of(0, 1, 2), Optional.empty()),
                        new TraceRequest(1_500_000_000, 512, 0, BlockIds.of(7), Optional.empty()));
    }

    @Test
    void othersNamesForTheSameFieldsAreUnderstood() throws IOException {
        Trace trace =
                read(
                        """
                        {"created_time": 2, "input_tokens": 600, "output_tokens": 1, \
                        "session_id": "a"}
                        {"delay_ms": 30, "prompt_tokens": 700, "completion_tokens": 2, \
                        "session_id": "a"}
                        """);

        assertThat(trace.requests().getFirst().turn())
                .contains(new Turn("a", 0, 0, Optional.empty()));
        TraceRequest second = trace.requests().getLast();
        assertThat(second.turn()).contains(new Turn("a", 1, 30_000_000, Optional.empty()));
        assertThat(second.arrivalNanos()).isEqualTo(32_000_000);
    }

    @Test
    void rowsAreSortedByTheirArrival() throws IOException {
        Trace trace =
                read(
                        """
                        {"timestamp": 20, "input_length": 2, "output_length": 1}
                        {"timestamp": 10, "input_length": 1, "output_length": 1}
                        """);

        assertThat(trace.requests()).extracting(TraceRequest::inputTokens).containsExactly(1, 2);
    }

    @Test
    void promptsWithoutIdsShareNothing() throws IOException {
        Trace trace =
                read(
                        """
                        {"timestamp": 0, "input_length": 600, "output_length": 1}
                        {"timestamp": 0, "input_length": 600, "output_length": 1}
                        """);

        assertThat(trace.requests().get(0).blocks()).isEqualTo(BlockIds.of(0, 1));
        assertThat(trace.requests().get(1).blocks()).isEqualTo(BlockIds.of(2, 3));
    }

    @Test
    void chatsOfBailianAreSessionsTimedInSeconds() throws IOException {
        Trace trace =
                read(
                        """
                        {"chat_id":159,"parent_chat_id":-1,"timestamp":61.114,"input_length":40,\
                        "output_length":60,"type":"text","turn":1,"hash_ids":[10,11,12]}
                        {"chat_id":164,"parent_chat_id":159,"timestamp":70.5,"input_length":110,\
                        "output_length":6,"type":"text","turn":2,"hash_ids":[10,11,13,14,15,16,17]}
                        """);

        assertThat(trace.blockSizeTokens()).isEqualTo(16);
        assertThat(trace.requests().getFirst().arrivalNanos()).isEqualTo(61_114_000_000L);
        assertThat(trace.requests().getLast().turn())
                .contains(new Turn("159", 1, 0, Optional.empty()));
    }

    @Test
    void azureRowsBeginAtZero() throws IOException {
        Trace trace =
                read(
                        """
                        TIMESTAMP,ContextTokens,GeneratedTokens
                        2023-11-16 18:15:46.6805900,374,44
                        2023-11-16 18:15:50.9951690,1396,109\
                        """
                                .replace("\n", "\r\n"));

        assertThat(trace.requests())
                .containsExactly(
                        new TraceRequest(0, 374, 44, BlockIds.of(0), Optional.empty()),
                        new TraceRequest(
                                4_314_579_000L, 1396, 109, BlockIds.of(1, 2, 3), Optional.empty()));
    }

    @Test
    void subAgentsShareTheIdsOfTheirParentAndNobodyElses() throws IOException {
        Trace trace =
                read(
                        """
                        {"session":"a","turn":0,"t":0.0,"in":200,"out":1,"h":[[1,3]],"think_time":0}
                        {"session":"a/x#0","turn":0,"t":2.5,"in":64,"out":1,"h":[[1,1]],\
                        "parent":"a"}
                        {"session":"a/x#0","turn":1,"t":4.0,"in":64,"out":1,"h":[[1,1]],\
                        "think_time":1.5}
                        {"session":"b","turn":0,"t":0.0,"in":64,"out":1,"h":[[1,1]]}
                        """);

        assertThat(trace.requests()).hasSize(4);
        TraceRequest parent = trace.requests().get(0);
        TraceRequest child = trace.requests().get(2);
        TraceRequest other = trace.requests().get(3);
        assertThat(child.blocks().toArray()[0]).isEqualTo(parent.blocks().toArray()[0]);
        assertThat(child.turn()).contains(new Turn("a/x#0", 1, 1_500_000_000, Optional.of("a")));
        assertThat(other.arrivalNanos()).isEqualTo(30_000_000_000L);
        assertThat(other.blocks()).isNotEqualTo(BlockIds.of(parent.blocks().toArray()[0]));
    }

    @Test
    void packedFilesAreToldByTheirContent() throws IOException {
        Path file = folder.resolve("packed");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(
                    "{\"timestamp\":0,\"input_length\":1,\"output_length\":1}"
                            .getBytes(StandardCharsets.UTF_8));
        }

        assertThat(TraceFile.read(file).requests()).hasSize(1);
    }

    @Test
    void complaintsNameFileLineFieldAndValue() {
        assertComplaint(
                """
                {"timestamp": 0, "input_length": 1, "output_length": 1}
                {"timestamp": 0, "input_length": "many", "output_length": 1}
                """,
                "line 2: 'input_length' must be a whole number: \"many\"");
        assertComplaint(
                "{\"timestamp\": -4, \"input_length\": 1, \"output_length\": 1}",
                "line 1: 'timestamp' must not be negative: -4");
        assertComplaint("{\"input_length\": 1}", "line 1: 'output_length'");
        assertComplaint("{\"input_length\": ", "line 1: ");
        assertComplaint("time,in,out", "line 1: is neither a JSON object nor the header");
        assertComplaint(
                "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,12,x",
                "line 2: GeneratedTokens must be a whole number: \"x\"");
        assertComplaint(
                "TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,12,1",
                "line 2: TIMESTAMP must be a time: \"yesterday\"");
        assertComplaint(
                "{\"session\":\"a\",\"turn\":0,\"t\":0,\"in\":1,\"out\":1,\"h\":[[1,2,3]]}",
                "line 1: 'h[0]' must be [first, count]: [1,2,3]");
        assertComplaint("", "is empty");
    }

    @Test
    void idsThatNoBlockSizeExplainsAreRefused() {
        assertComplaint(
                """
                {"timestamp": 0, "input_length": 1000, "output_length": 1, "hash_ids": [1]}
                {"timestamp": 0, "input_length": 100, "output_length": 1, "hash_ids": [1, 2, 3]}
                """,
                "no block size explains the numbers of ids");
    }

    private void assertComplaint(String content, String complaint) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(TraceException.class)
                .hasMessageContaining(folder.resolve("trace").toString())
                .hasMessageContaining(complaint);
    }

    private Trace read(String content) throws IOException {
        return TraceFile.read(Files.writeString(folder.resolve("trace"), content));
    }
}
