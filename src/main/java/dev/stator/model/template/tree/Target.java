package dev.stator.model.template.tree;

import dev.stator.model.template.builtin.Namespace;
import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;

import java.util.List;

/// What a value can be assigned to.
public sealed interface Target {

    /// Assigns `value` in the innermost scope.
    void assign(Frame frame, Value value);

    /// A variable; `name` is interned.
    record Variable(String name) implements Target {
        public Variable {
            name = name.intern();
        }

        @Override
        public void assign(Frame frame, Value value) {
            frame.scope.set(name, value);
        }
    }

    /// An attribute of a namespace.
    record Member(Primary.Name namespace, String attribute) implements Target {

        @Override
        public void assign(Frame frame, Value value) {
            if (!(namespace.evaluate(frame) instanceof Namespace owner)) {
                throw TemplateFault.evaluation(
                        "cannot assign an attribute of '%s', which is no namespace"
                                .formatted(namespace.name()));
            }
            owner.set(attribute, value);
        }
    }

    /// Several targets that share out the elements of the value.
    record Several(List<Target> targets) implements Target {
        public Several {
            targets = List.copyOf(targets);
        }

        @Override
        public void assign(Frame frame, Value value) {
            List<Value> parts = Items.of(value, frame.budget);
            if (parts.size() != targets.size()) {
                throw TemplateFault.evaluation(
                        "cannot unpack %d values into %d".formatted(parts.size(), targets.size()));
            }
            for (int i = 0; i < parts.size(); i++) {
                targets.get(i).assign(frame, parts.get(i));
            }
        }
    }
}
