package dev.stator.model.tokenizer;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.tokens.TokenIds;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Encoding and detokenizing, in Java beside the native library.
///
/// `-Dtokenizer=FOLDER -Dtext=FILE`, given with `-jvmArgsAppend`, measure a model's own files; the
/// tests' small tokenizer makes more and shorter tokens than a real one. Each trial prints how many
/// tokens the prompt has, which turns times into rates.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TokenizerBenchmark {
    private static final int STREAMED_TOKENS = 1_000;

    @Param({"java", "native"})
    public String implementation = "java";

    @Param({"4000", "220000"})
    public int promptChars = 4_000;

    private final Path folder =
            Path.of(System.getProperty("tokenizer", Golden.folder("qwen2").toString()));
    private String prompt = "";
    private Tokenizer tokenizer = Golden.tokenizer("qwen2");
    private TokenIds ids = TokenIds.EMPTY;

    /// Repeats the text until it is long enough.
    @Setup
    public void prepare() throws IOException {
        tokenizer = open();
        String file = System.getProperty("text");
        String text =
                file == null ? String.join("\n", Golden.texts()) : Files.readString(Path.of(file));
        prompt = text.repeat(1 + promptChars / text.length()).substring(0, promptChars);
        ids = tokenizer.encode(prompt, false);
        System.out.println("prompt: " + promptChars + " chars, " + ids.size() + " tokens");
    }

    @Benchmark
    public TokenIds encode() {
        return tokenizer.encode(prompt, false);
    }

    @Benchmark
    public String decode() {
        return tokenizer.decode(ids, false);
    }

    /// Time per token; the same code for both implementations.
    @Benchmark
    @OperationsPerInvocation(STREAMED_TOKENS)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public void detokenize(Blackhole sink) {
        IncrementalDetokenizer detokenizer = tokenizer.detokenizer(true);
        for (int i = 0; i < STREAMED_TOKENS; i++) {
            sink.consume(detokenizer.append(ids.get(i % ids.size())));
        }
        sink.consume(detokenizer.finish());
    }

    /// A tokenizer that has not seen any text.
    @State(Scope.Benchmark)
    public static class Cold {
        private Tokenizer tokenizer = Golden.tokenizer("qwen2");

        @Setup(Level.Invocation)
        public void reopen(TokenizerBenchmark warm) {
            tokenizer = warm.open();
        }
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 20)
    @Measurement(iterations = 20)
    public TokenIds encodeCold(Cold cold) {
        return cold.tokenizer.encode(prompt, false);
    }

    private Tokenizer open() {
        try {
            byte[] json = Files.readAllBytes(folder.resolve(Tokenizers.FILE_NAME));
            var file = new TokenizerFile(JsonField.root(Json.parse(json, JsonLimits.FILE)));
            return implementation.equals("java")
                    ? new BpeFile(file).read().orElseThrow()
                    : DjlTokenizer.read(json, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
