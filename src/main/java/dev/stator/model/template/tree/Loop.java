package dev.stator.model.template.tree;

import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.Value;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// `{% for target in items if condition %}` with its `else`.
///
/// @param usesLoop whether the body mentions the variable `loop`
public record Loop(
        Target target,
        Expression items,
        Optional<Expression> condition,
        Block body,
        Block otherwise,
        boolean usesLoop,
        int line)
        implements Statement {

    @Override
    public Flow render(Frame frame) {
        frame.at(line);
        List<Value> values = Items.of(items.evaluate(frame), frame.budget);
        Scope outer = frame.scope;
        boolean isAnyTurnComplete =
                (usesLoop || condition.isPresent())
                        ? tracked(frame, values)
                        : untracked(frame, values);
        frame.scope = outer;
        return isAnyTurnComplete ? Flow.NEXT : inOwnScope(frame, otherwise);
    }

    /// Whether a turn reached its end: `else` is for loops of which none did.
    private boolean untracked(Frame frame, List<Value> values) {
        Scope outer = frame.scope;
        boolean isAnyTurnComplete = false;
        for (int i = 0; i < values.size(); i++) {
            frame.scope = new Scope(outer);
            frame.at(line);
            target.assign(frame, values.get(i));
            Flow flow = body.render(frame);
            if (flow == Flow.BREAK) {
                break;
            }
            isAnyTurnComplete |= flow == Flow.NEXT;
        }
        return isAnyTurnComplete;
    }

    private boolean tracked(Frame frame, List<Value> values) {
        Scope outer = frame.scope;
        Iterator<Value> accepted =
                condition.isPresent()
                        ? new Accepted(frame, outer, values.iterator(), condition.get())
                        : values.iterator();
        var loop = new LoopVariable(accepted, condition.isPresent() ? -1 : values.size());
        boolean isAnyTurnComplete = false;
        while (loop.advance()) {
            frame.scope = new Scope(outer);
            frame.at(line);
            target.assign(frame, loop.current());
            frame.scope.set(LoopVariable.NAME, loop);
            Flow flow = body.render(frame);
            if (flow == Flow.BREAK) {
                break;
            }
            isAnyTurnComplete |= flow == Flow.NEXT;
        }
        return isAnyTurnComplete;
    }

    private static Flow inOwnScope(Frame frame, Block block) {
        Scope outer = frame.scope;
        frame.scope = new Scope(outer);
        Flow flow = block.render(frame);
        frame.scope = outer;
        return flow;
    }

    /// The elements that fulfil the condition, which is evaluated when the next one is asked for.
    private final class Accepted implements Iterator<Value> {
        private final Frame frame;
        private final Scope outer;
        private final Iterator<Value> candidates;
        private final Expression accepts;
        private Optional<Value> next = Optional.empty();

        Accepted(Frame frame, Scope outer, Iterator<Value> candidates, Expression accepts) {
            this.frame = frame;
            this.outer = outer;
            this.candidates = candidates;
            this.accepts = accepts;
        }

        @Override
        public boolean hasNext() {
            Scope running = frame.scope;
            while (next.isEmpty() && candidates.hasNext()) {
                frame.budget.step();
                Value candidate = candidates.next();
                frame.scope = new Scope(outer);
                target.assign(frame, candidate);
                next =
                        accepts.evaluate(frame).isTruthy()
                                ? Optional.of(candidate)
                                : Optional.empty();
            }
            frame.scope = running;
            return next.isPresent();
        }

        @Override
        public Value next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Value value = next.orElseThrow();
            next = Optional.empty();
            return value;
        }
    }
}
