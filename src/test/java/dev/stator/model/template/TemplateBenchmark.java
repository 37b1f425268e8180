package dev.stator.model.template;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Rendering a conversation of seven messages with a tool call, a result and two tool definitions;
/// and compiling the template.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TemplateBenchmark {
    private static final String CONVERSATION = "benchmark, seven messages";

    @Param({"qwen3-manner", "llama31-manner", "deepseek-manner", "macro-manner"})
    private String template = "";

    private String source = "";
    private ChatTemplate compiled = ChatTemplate.compile("", "empty");
    private Map<String, JsonValue> variables = Map.of();

    @Setup
    public void prepare() {
        source = Golden.text(template + ".jinja");
        compiled = ChatTemplate.compile(source, template);
        for (JsonField group : Golden.groups("chats.json")) {
            for (JsonField testCase : group.get("cases").items()) {
                if (testCase.get("name").string().equals(CONVERSATION)
                        && testCase.get("template").string().equals(template)) {
                    variables = Golden.variables(group, testCase);
                }
            }
        }
    }

    @Benchmark
    public String render() {
        return compiled.render(variables);
    }

    @Benchmark
    public ChatTemplate compile() {
        return ChatTemplate.compile(source, template);
    }
}
