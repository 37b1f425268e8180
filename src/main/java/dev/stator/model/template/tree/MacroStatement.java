package dev.stator.model.template.tree;

import java.util.Optional;

/// Statements that make macros.
public sealed interface MacroStatement extends Statement {

    /// `{% macro name(parameters) %}`.
    record Definition(Signature signature, Block body, int line) implements MacroStatement {

        @Override
        public Flow render(Frame frame) {
            frame.at(line);
            frame.scope.set(signature.name(), new Macro(signature, body, frame));
            return Flow.NEXT;
        }
    }

    /// `{% call(parameters) callee() %}`: the body is what the callee calls `caller`.
    record CallBlock(Access.Call call, Signature signature, Block body, int line)
            implements MacroStatement {

        @Override
        public Flow render(Frame frame) {
            frame.at(line);
            frame.write(call.call(frame, Optional.of(new Macro(signature, body, frame))));
            return Flow.NEXT;
        }
    }
}
