package dev.stator.model.template.builtin;

import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.TemplateObject;
import dev.stator.model.template.value.Value;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The one mutable value: attributes that `set` may change from inside a loop. Belongs to one
/// rendering.
public final class Namespace implements TemplateObject {
    private final Map<String, Value> attributes = new LinkedHashMap<>();

    /// Sets an attribute; names that begin with an underscore are refused.
    public void set(String name, Value value) {
        if (name.startsWith("_")) {
            throw TemplateFault.evaluation(
                    "a namespace cannot have an attribute with a leading underscore: " + name);
        }
        attributes.put(name, value);
    }

    @Override
    public Optional<Value> attribute(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    @Override
    public boolean isCallable() {
        return false;
    }

    @Override
    public String typeName() {
        return "Namespace";
    }

    /// Shows the names only: a namespace can hold itself.
    @Override
    public void appendRepr(StringBuilder out) {
        out.append("<Namespace ").append(attributes.keySet()).append('>');
    }

    @Override
    public long size() {
        return 16L * attributes.size();
    }
}
