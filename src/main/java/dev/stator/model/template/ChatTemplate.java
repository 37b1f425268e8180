package dev.stator.model.template;

import dev.stator.model.template.builtin.Functions;
import dev.stator.model.template.syntax.SyntaxException;
import dev.stator.model.template.syntax.TemplateParser;
import dev.stator.model.template.tree.Block;
import dev.stator.model.template.tree.Frame;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.platform.codec.JsonValue;

import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;

/// A compiled chat template. Immutable; renderings may run at the same time.
///
/// It behaves like the environment that Hugging Face's libraries set up around Jinja: immutable
/// sandbox, `trim_blocks`, `lstrip_blocks`, `break` and `continue`, `generation` blocks, `tojson`
/// without escaping for HTML, `raise_exception` and `strftime_now`. Expressions see nothing but the
/// values passed in, and text passed in is never taken for template source.
public final class ChatTemplate {
    private final String name;
    private final Block tree;
    private final TemplateLimits limits;
    private final Map<String, Value> globals;

    private ChatTemplate(String name, Block tree, TemplateLimits limits, Clock clock) {
        this.name = name;
        this.tree = tree;
        this.limits = limits;
        this.globals = Functions.globals(clock);
    }

    /// Compiles with default limits; dates are those of this machine's clock and zone.
    public static ChatTemplate compile(String source, String name) {
        return compile(source, name, TemplateLimits.DEFAULT, Clock.system(ZoneId.systemDefault()));
    }

    /// Compiles `source`; `name` is for messages. Throws `TemplateException` when it is not a
    /// template or too large.
    public static ChatTemplate compile(
            String source, String name, TemplateLimits limits, Clock clock) {
        if (source.length() > limits.sourceCharsMax()) {
            throw new TemplateException(
                    name,
                    1,
                    TemplateException.Kind.LIMIT,
                    "the source is longer than " + limits.sourceCharsMax() + " characters");
        }
        try {
            return new ChatTemplate(name, TemplateParser.parse(source), limits, clock);
        } catch (SyntaxException e) {
            throw new TemplateException(name, e.line(), TemplateException.Kind.SYNTAX, e.problem());
        } catch (TemplateFault e) {
            throw new TemplateException(name, 1, kind(e.reason()), e.problem());
        }
    }

    /// Renders with `variables`, which the template sees by name. Throws `TemplateException` when
    /// an expression fails, a limit is reached or the template refuses the conversation.
    public String render(Map<String, JsonValue> variables) {
        var budget = new Budget(limits.stepsMax(), limits.outputCharsMax(), limits.heightMax());
        var frame = new Frame(globals, budget);
        try {
            frame.variables(Variables.of(variables));
            tree.render(frame);
            return frame.output();
        } catch (TemplateFault e) {
            throw new TemplateException(name, frame.line(), kind(e.reason()), e.problem());
        }
    }

    private static TemplateException.Kind kind(TemplateFault.Reason reason) {
        return switch (reason) {
            case EVALUATION -> TemplateException.Kind.EVALUATION;
            case LIMIT -> TemplateException.Kind.LIMIT;
            case RAISED -> TemplateException.Kind.RAISED;
        };
    }
}
