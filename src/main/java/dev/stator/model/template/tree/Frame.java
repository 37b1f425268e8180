package dev.stator.model.template.tree;

import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// The state of one rendering. Owned by the thread that renders.
public final class Frame {
    final Budget budget;
    Scope scope = new Scope(null);
    private final Map<String, Value> globals;
    private Map<String, Value> variables = Map.of();
    private StringBuilder out = new StringBuilder(1024);
    private Value captured = Text.EMPTY;
    private int line = 1;

    /// A rendering that sees `globals`, which its variables may hide.
    public Frame(Map<String, Value> globals, Budget budget) {
        this.globals = globals;
        this.budget = budget;
    }

    /// Gives the template its variables, which must not change afterwards.
    public void variables(Map<String, Value> given) {
        variables = given;
    }

    /// The line of the statement that runs.
    public int line() {
        return line;
    }

    /// What has been written.
    public String output() {
        return out.toString();
    }

    /// Notes that the statement of `lineNumber` begins.
    void at(int lineNumber) {
        line = lineNumber;
        budget.step();
    }

    void write(String text) {
        budget.fit((long) out.length() + text.length());
        budget.read(text.length());
        out.append(text);
    }

    void write(Value value) {
        budget.fit(out.length() + value.size());
        budget.read(value.size());
        value.appendText(out);
    }

    /// The innermost value of `name`: set by the template, passed to it, or built in.
    @Nullable Value find(String name) {
        Value value = scope.find(name);
        if (value == null) {
            value = variables.get(name);
        }
        return value != null ? value : globals.get(name);
    }

    /// What a block has written, and whether it left the loop turn it stands in.
    record Captured(Text text, Statement.Flow flow) {}

    /// Renders `body` in a scope of its own inside `around` and keeps what it writes.
    Captured capture(Block body, Scope around) {
        StringBuilder outerOut = out;
        Scope outerScope = scope;
        int outerLine = line;
        out = new StringBuilder();
        scope = new Scope(around);
        Statement.Flow flow = body.render(this);
        Text text = Text.of(out.toString());
        line = outerLine;
        scope = outerScope;
        out = outerOut;
        return new Captured(text, flow);
    }

    /// The text that the filters of a block are applied to.
    Value captured() {
        return captured;
    }

    void captured(Value text) {
        captured = text;
    }
}
