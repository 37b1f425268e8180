package dev.stator.model.template.syntax;

import dev.stator.model.template.tree.Expression;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/// What the parser knows about the place it is at: how deep the tree is there, so that neither
/// parsing nor rendering can exhaust the stack, and which names have been mentioned.
final class Nesting {
    /// Blocks inside blocks.
    static final int STATEMENTS_MAX = 50;

    /// Brackets inside brackets.
    static final int BRACKETS_MAX = 60;

    /// Levels of the tree of one expression.
    static final int EXPRESSION_HEIGHT_MAX = 250;

    private static final int CALL_HEIGHT = 4;

    private final TokenReader tokens;
    private final IdentityHashMap<Expression, Integer> heights = new IdentityHashMap<>();
    private Set<String> mentioned = new HashSet<>();
    private int statements;
    private int brackets;
    private int heightSeen;
    private boolean isConditional;
    private Optional<SyntaxException> unknown = Optional.empty();

    Nesting(TokenReader tokens) {
        this.tokens = tokens;
    }

    void enterStatement() {
        if (++statements > STATEMENTS_MAX) {
            throw tokens.fail("blocks are nested deeper than " + STATEMENTS_MAX);
        }
        heightSeen = Math.max(heightSeen, statements);
    }

    void leaveStatement() {
        statements--;
    }

    void enterBrackets() {
        if (++brackets > BRACKETS_MAX) {
            throw tokens.fail("an expression is nested deeper than " + BRACKETS_MAX);
        }
    }

    void leaveBrackets() {
        brackets--;
    }

    /// Notes that `expression` has been made of `parts`.
    <E extends Expression> E grown(E expression, Iterable<? extends Expression> parts) {
        int height = 0;
        for (Expression part : parts) {
            height = Math.max(height, heights.getOrDefault(part, 0));
        }
        if (++height > EXPRESSION_HEIGHT_MAX) {
            throw tokens.fail("an expression has more levels than " + EXPRESSION_HEIGHT_MAX);
        }
        heights.put(expression, height);
        heightSeen = Math.max(heightSeen, statements + height);
        return expression;
    }

    boolean isConditional() {
        return isConditional;
    }

    /// Sets whether a condition may keep what follows from being reached, so that an unknown filter
    /// is no error yet; answers what it was.
    boolean conditional(boolean value) {
        boolean before = isConditional;
        isConditional = value;
        return before;
    }

    /// Notes that a filter or test does not exist. Whether that matters is known when the
    /// expression ends, for a condition may follow.
    void unknown(SyntaxException problem) {
        if (!isConditional && unknown.isEmpty()) {
            unknown = Optional.of(problem);
        }
    }

    /// The unknown filter or test noted so far.
    Optional<SyntaxException> unknown() {
        return unknown;
    }

    /// Goes back to what had been noted earlier.
    void forget(Optional<SyntaxException> earlier) {
        unknown = earlier;
    }

    void mention(String name) {
        mentioned.add(name);
    }

    /// Begins to collect names and heights anew; `Region.end` goes back to the outer collection.
    Region begin() {
        return new Region();
    }

    /// A part of the template whose names and height are wanted, such as the body of a macro.
    final class Region {
        private final Set<String> outerMentioned = mentioned;
        private final int outerHeight = heightSeen;
        private final int base = statements;

        private Region() {
            mentioned = new HashSet<>();
            heightSeen = statements;
        }

        /// The names mentioned inside, which are then mentioned outside too.
        Set<String> end() {
            Set<String> inside = mentioned;
            outerMentioned.addAll(inside);
            mentioned = outerMentioned;
            heightSeen = Math.max(outerHeight, heightSeen);
            return inside;
        }

        /// How many tree levels a call of the region adds, the call itself included.
        int height() {
            return heightSeen - base + CALL_HEIGHT;
        }
    }
}
