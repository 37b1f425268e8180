package dev.stator.openai.response;

import dev.stator.tokens.TokenIds;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// What one streamed chunk costs before it becomes bytes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChatWriterBenchmark {
    @Param({" world", "a \\\"quoted\\\"\\n", " 漢字"})
    private String text = "";

    private final ChatWriter writer =
            new ChatWriter(
                    new Heading("chatcmpl-0123456789abcdef", 1_700_000_000, "qwen3-0.6b"),
                    false,
                    false,
                    TokenIds.EMPTY);
    private final StringBuilder out = new StringBuilder(512);

    @Benchmark
    public int spliceOneChunk() {
        out.setLength(0);
        writer.appendDelta(out, 0, new Delta("", text, List.of(), TokenIds.EMPTY));
        return out.length();
    }
}
