package dev.stator.replay.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.replay.trace.generator.CustomerLoad;
import dev.stator.replay.trace.generator.SessionLoad;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class MooncakeWriterTest {
    @TempDir private Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Trace trace = TraceFile.read(Path.of("traces/mooncake/synthetic_trace.jsonl.gz"));

        assertThat(written(trace, "copy.jsonl.gz").requests()).isEqualTo(trace.requests());
    }

    @Test
    void sessionsKeepTheirTurnsAndWhatTheyShare() throws IOException {
        Trace trace = SessionLoad.chat(5, 60).trace(7);

        Trace copy = written(trace, "copy.jsonl");

        assertThat(copy.blockSizeTokens()).isEqualTo(trace.blockSizeTokens());
        assertThat(copy.requests().stream().map(TraceRequest::turn))
                .isEqualTo(trace.requests().stream().map(TraceRequest::turn).toList());
        assertThat(TraceStatistics.of(copy).hitRatioBlocks())
                .isPositive()
                .isEqualTo(TraceStatistics.of(trace).hitRatioBlocks());
    }

    @Test
    void aNameThatEndsInGzMeansPacked() throws IOException {
        Trace trace = CustomerLoad.published(10, 5).trace(1);
        MooncakeWriter.write(trace, folder.resolve("packed.jsonl.gz"));
        MooncakeWriter.write(trace, folder.resolve("plain.jsonl"));

        assertThat(Files.size(folder.resolve("packed.jsonl.gz")))
                .isLessThan(Files.size(folder.resolve("plain.jsonl")) / 2);
        assertThat(TraceFile.read(folder.resolve("packed.jsonl.gz")).requests())
                .isEqualTo(TraceFile.read(folder.resolve("plain.jsonl")).requests());
    }

    private Trace written(Trace trace, String name) throws IOException {
        MooncakeWriter.write(trace, folder.resolve(name));
        return TraceFile.read(folder.resolve(name));
    }
}
