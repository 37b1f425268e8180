package dev.stator.model.template.tree;

import dev.stator.model.template.value.Value;

import java.util.List;
import java.util.Optional;

/// Something that writes or changes variables. Immutable, so that renderings share it.
public sealed interface Statement permits Statement.Simple, Loop, MacroStatement {

    Flow render(Frame frame);

    /// How rendering goes on after a statement.
    enum Flow {
        NEXT,
        CONTINUE,
        BREAK
    }

    /// The statements other than loops and macros.
    sealed interface Simple extends Statement {}

    /// Text outside of tags.
    record Data(String text) implements Simple {

        @Override
        public Flow render(Frame frame) {
            frame.budget.step();
            frame.write(text);
            return Flow.NEXT;
        }
    }

    /// `{{ value }}`.
    record Output(Expression value, int line) implements Simple {

        @Override
        public Flow render(Frame frame) {
            frame.at(line);
            frame.write(value.evaluate(frame));
            return Flow.NEXT;
        }
    }

    /// One condition of an `if` and what it guards.
    record Branch(Expression condition, Block body, int line) {}

    /// `{% if %}` with its `elif` and `else`.
    record If(List<Branch> branches, Block otherwise) implements Simple {
        public If {
            branches = List.copyOf(branches);
        }

        @Override
        public Flow render(Frame frame) {
            for (Branch branch : branches) {
                frame.at(branch.line);
                if (branch.condition.evaluate(frame).isTruthy()) {
                    return branch.body.render(frame);
                }
            }
            return otherwise.render(frame);
        }
    }

    /// `{% set target = value %}`.
    record Assignment(Target target, Expression value, int line) implements Simple {

        @Override
        public Flow render(Frame frame) {
            frame.at(line);
            target.assign(frame, value.evaluate(frame));
            return Flow.NEXT;
        }
    }

    /// A block whose text is captured, filtered, and then assigned or, without a target, written.
    /// The text is lost when a `break` leaves the block.
    record Capture(Optional<Target> target, Expression filtered, Block body, int line)
            implements Simple {

        @Override
        public Flow render(Frame frame) {
            frame.at(line);
            Frame.Captured captured = frame.capture(body, frame.scope);
            if (captured.flow() != Flow.NEXT) {
                return captured.flow();
            }
            frame.captured(captured.text());
            Value value = filtered.evaluate(frame);
            target.ifPresentOrElse(to -> to.assign(frame, value), () -> frame.write(value));
            return Flow.NEXT;
        }
    }

    /// `{% with %}`: a scope of its own, with variables whose values are taken outside of it.
    record Scoped(List<Target> targets, List<Expression> values, Block body, int line)
            implements Simple {
        public Scoped {
            targets = List.copyOf(targets);
            values = List.copyOf(values);
        }

        @Override
        public Flow render(Frame frame) {
            frame.at(line);
            Scope outer = frame.scope;
            var inner = new Scope(outer);
            for (int i = 0; i < targets.size(); i++) {
                Value value = values.get(i).evaluate(frame);
                frame.scope = inner;
                targets.get(i).assign(frame, value);
                frame.scope = outer;
            }
            frame.scope = inner;
            Flow flow = body.render(frame);
            frame.scope = outer;
            return flow;
        }
    }

    /// `{% break %}` or `{% continue %}`.
    record Jump(Flow flow) implements Simple {

        @Override
        public Flow render(Frame frame) {
            frame.budget.step();
            return flow;
        }
    }
}
