package dev.stator.replay.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.replay.trace.generator.SessionLoad;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
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

    private Trace written(Trace trace, String name) throws IOException {
        MooncakeWriter.write(trace, folder.resolve(name));
        return TraceFile.read(folder.resolve(name));
    }
}
