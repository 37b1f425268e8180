package dev.stator.model.template.syntax;

import dev.stator.model.template.syntax.Token.Kind;
import dev.stator.model.template.tree.Primary;
import dev.stator.model.template.tree.Target;

import java.util.ArrayList;
import java.util.List;

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
    Target variables() {
        return several(false, false);
    }

    /// One or several variables or attributes of namespaces.
    Target assignable() {
        return several(true, false);
    }

    /// Refuses to assign the variable that a loop keeps.
    void refuseLoop(Target target) {
        switch (target) {
            case Target.Variable(var name) -> {
                if (name.equals("loop")) {
                    throw tokens.fail("a loop keeps the variable 'loop' for itself");
                }
            }
            case Target.Several(var targets) -> targets.forEach(this::refuseLoop);
            case Target.Member _ -> {}
        }
    }

    /// Only in parentheses may a comma come last.
    private Target several(boolean isMemberAllowed, boolean isInParentheses) {
        List<Target> targets = new ArrayList<>();
        boolean isTuple = false;
        do {
            targets.add(one(isMemberAllowed));
            boolean isFollowed = tokens.skipOperator(",");
            isTuple |= isFollowed;
            if (!isFollowed || (isInParentheses && tokens.isOperator(")"))) {
                return isTuple ? new Target.Several(targets) : targets.getFirst();
            }
        } while (true);
    }

    private Target one(boolean isMemberAllowed) {
        if (tokens.skipOperator("(")) {
            nesting.enterBrackets();
            Target inside = several(false, true);
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
