package dev.stator.model.template.syntax;

import dev.stator.model.template.syntax.Token.Kind;
import dev.stator.model.template.tree.Primary;
import dev.stator.model.template.tree.Target;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The grammar of what can be assigned to.
final class TargetParser {
    private final TokenReader tokens;
    private final Nesting nesting;

    TargetParser(TokenReader tokens, Nesting nesting) {
        this.tokens = tokens;
        this.nesting = nesting;
    }

    /// A name that is no constant.
    String name() {
        String name = tokens.expect(Kind.NAME, "a name").text();
        if (OperandParser.isConstant(name)) {
            throw tokens.fail("cannot assign to '" + name + "'");
        }
        return name;
    }

    /// One or several variables.
    Target several(BooleanSupplier isEnd) {
        return several(isEnd, false);
    }

    /// One or several variables or attributes of namespaces.
    Target assignable(BooleanSupplier isEnd) {
        return several(isEnd, true);
    }

    /// Refuses to assign the variable that a loop keeps.
    void refuseLoop(Target target) {
        switch (target) {
            case Target.Variable(var name) -> {
                if (name.equals("loop")) {
                    throw tokens.fail("cannot assign to 'loop' inside a loop");
                }
            }
            case Target.Several(var targets) -> targets.forEach(this::refuseLoop);
            case Target.Member _ -> {}
        }
    }

    private Target several(BooleanSupplier isEnd, boolean isMemberAllowed) {
        List<Target> targets = new ArrayList<>();
        boolean isTuple = false;
        while (!isEnd.getAsBoolean() && !tokens.isOperator(")")) {
            targets.add(one(isMemberAllowed));
            if (!tokens.skipOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (targets.isEmpty()) {
            throw tokens.fail("expected a name instead of " + tokens.current().shown());
        }
        return isTuple ? new Target.Several(targets) : targets.getFirst();
    }

    private Target one(boolean isMemberAllowed) {
        if (tokens.skipOperator("(")) {
            nesting.enterBrackets();
            Target inside = several(() -> tokens.isOperator(")"), false);
            tokens.expectOperator(")");
            nesting.leaveBrackets();
            return inside;
        }
        String name = name();
        if (!isMemberAllowed || !tokens.skipOperator(".")) {
            return new Target.Variable(name);
        }
        nesting.mention(name);
        String attribute = tokens.expect(Kind.NAME, "the name of an attribute").text();
        return new Target.Member(Primary.Name.of(name), attribute);
    }
}
