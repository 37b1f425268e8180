package dev.stator.model.template.syntax;

import dev.stator.model.template.syntax.Token.Kind;

import java.util.List;

/// Reads tokens from left to right.
final class TokenReader {
    private final List<Token> tokens;
    private int at;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    /// The token after the current one.
    Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    int line() {
        return current().line();
    }

    boolean is(Kind kind) {
        return current().kind() == kind;
    }

    boolean isOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean isName(String name) {
        return current().isName(name);
    }

    /// Takes the current token; the end is never passed.
    Token take() {
        Token token = current();
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean skipOperator(String operator) {
        return skip(isOperator(operator));
    }

    boolean skipName(String name) {
        return skip(isName(name));
    }

    Token expect(Kind kind, String expected) {
        if (!is(kind)) {
            throw fail("expected " + expected + " instead of " + current().shown());
        }
        return take();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw fail("expected '" + operator + "' instead of " + current().shown());
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw fail("expected '" + name + "' instead of " + current().shown());
        }
    }

    SyntaxException fail(String problem) {
        return new SyntaxException(line(), problem);
    }

    private boolean skip(boolean isWanted) {
        if (isWanted) {
            take();
        }
        return isWanted;
    }
}
