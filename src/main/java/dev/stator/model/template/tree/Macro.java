package dev.stator.model.template.tree;

import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.TemplateObject;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A macro together with the scope it was defined in. Belongs to one rendering.
final class Macro implements TemplateObject {
    private static final String CALLER = "caller";

    private final Signature signature;
    private final Block body;
    private final Frame frame;
    private final Scope definedIn;

    Macro(Signature signature, Block body, Frame frame) {
        this.signature = signature;
        this.body = body;
        this.frame = frame;
        this.definedIn = frame.scope;
    }

    @Override
    public Value call(Arguments arguments, Budget budget) {
        budget.enter(signature.height());
        Scope outer = frame.scope;
        frame.scope = new Scope(definedIn);
        bind(arguments);
        Text text = frame.capture(body, frame.scope).text();
        frame.scope = outer;
        budget.leave(signature.height());
        return text;
    }

    @Override
    public Optional<Value> attribute(String name) {
        return name.equals("name") ? Optional.of(Text.of(signature.name())) : Optional.empty();
    }

    @Override
    public String typeName() {
        return "Macro";
    }

    @Override
    public void appendRepr(StringBuilder out) {
        out.append("<Macro '").append(signature.name()).append("'>");
    }

    private void bind(Arguments arguments) {
        List<Value> positional = arguments.positional();
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        List<String> parameters = signature.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            Value passed = i < positional.size() ? positional.get(i) : named.remove(parameter);
            frame.scope.set(parameter, passed != null ? passed : fallback(i));
        }
        bindCaller(named);
        bindRest(positional, named);
    }

    private Value fallback(int parameter) {
        int position = parameter - signature.parameters().size() + signature.defaults().size();
        return position < 0
                ? new Value.Undefined(
                        "parameter '%s' was not provided"
                                .formatted(signature.parameters().get(parameter)))
                : signature.defaults().get(position).evaluate(frame);
    }

    private void bindCaller(Map<String, Value> named) {
        if (signature.mentions(CALLER)) {
            Value caller = named.remove(CALLER);
            frame.scope.set(
                    CALLER, caller != null ? caller : new Value.Undefined("No caller defined"));
        }
    }

    private void bindRest(List<Value> positional, Map<String, Value> named) {
        int count = signature.parameters().size();
        List<Value> rest =
                positional.subList(Math.min(count, positional.size()), positional.size());
        if (signature.mentions("varargs")) {
            frame.scope.set("varargs", Sequence.tuple(rest));
        } else if (!rest.isEmpty()) {
            throw TemplateFault.evaluation(
                    "macro '%s' takes not more than %d arguments"
                            .formatted(signature.name(), count));
        }
        if (signature.mentions("kwargs")) {
            LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
            named.forEach((name, value) -> entries.put(Text.of(name), value));
            frame.scope.set("kwargs", Dict.of(entries));
        } else if (!named.isEmpty()) {
            throw TemplateFault.evaluation(
                    "macro '%s' takes no argument '%s'"
                            .formatted(signature.name(), named.keySet().iterator().next()));
        }
    }
}
