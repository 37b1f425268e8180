package dev.stator.model.template.syntax;

import dev.stator.model.template.builtin.Filters;
import dev.stator.model.template.builtin.Tests;
import dev.stator.model.template.method.Operation;
import dev.stator.model.template.syntax.Token.Kind;
import dev.stator.model.template.tree.Access;
import dev.stator.model.template.tree.Access.Passed;
import dev.stator.model.template.tree.Computation;
import dev.stator.model.template.tree.Expression;
import dev.stator.model.template.tree.Primary;
import dev.stator.model.template.value.Arithmetic;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The grammar of operands: literals, names, brackets, and what follows them: attributes, items,
/// calls, filters and tests.
final class OperandParser {
    private static final int DIGITS_MAX = 4_300;
    private static final Map<String, Value> CONSTANTS =
            Map.of(
                    "true", Num.Truth.TRUE,
                    "True", Num.Truth.TRUE,
                    "false", Num.Truth.FALSE,
                    "False", Num.Truth.FALSE,
                    "none", Value.None.NONE,
                    "None", Value.None.NONE);
    private static final Set<String> AFTER_TEST = Set.of("else", "or", "and");

    private final TokenReader tokens;
    private final Nesting nesting;
    private final ExpressionParser expressions;

    OperandParser(TokenReader tokens, Nesting nesting, ExpressionParser expressions) {
        this.tokens = tokens;
        this.nesting = nesting;
        this.expressions = expressions;
    }

    /// Whether `name` is a constant and no variable.
    static boolean isConstant(String name) {
        return CONSTANTS.containsKey(name);
    }

    /// A literal, a name, or something in brackets.
    Expression primary() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> name();
            case STRING -> string();
            case INTEGER -> new Primary.Literal(integer(tokens.take()));
            case FLOAT ->
                    new Primary.Literal(new Num.Real(Double.parseDouble(tokens.take().text())));
            case OPERATOR -> bracketed(token);
            case DATA, OUTPUT_BEGIN, OUTPUT_END, TAG_BEGIN, TAG_END, END ->
                    throw tokens.fail("unexpected " + token.shown());
        };
    }

    private Expression name() {
        String name = tokens.take().text();
        Value constant = CONSTANTS.get(name);
        if (constant != null) {
            return new Primary.Literal(constant);
        }
        nesting.mention(name);
        return Primary.Name.of(name);
    }

    private Expression string() {
        String text = tokens.take().text();
        if (!tokens.is(Kind.STRING)) {
            return new Primary.Literal(Text.of(text));
        }
        var joined = new StringBuilder(text);
        while (tokens.is(Kind.STRING)) {
            joined.append(tokens.take().text());
        }
        return new Primary.Literal(Text.of(joined.toString()));
    }

    private Value integer(Token token) {
        String digits = token.text();
        if (digits.length() > DIGITS_MAX) {
            throw tokens.fail("a number has more than " + DIGITS_MAX + " digits");
        }
        char type = digits.length() > 1 ? Character.toLowerCase(digits.charAt(1)) : '0';
        int radix = type == 'x' ? 16 : type == 'o' ? 8 : type == 'b' ? 2 : 10;
        return Arithmetic.whole(new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
    }

    private Expression bracketed(Token token) {
        return switch (token.text()) {
            case "(" -> {
                tokens.take();
                Expression inside = expressions.parenthesized();
                tokens.expectOperator(")");
                yield inside;
            }
            case "[" -> list();
            case "{" -> mapping();
            default -> throw tokens.fail("unexpected " + token.shown());
        };
    }

    private Expression list() {
        tokens.expectOperator("[");
        List<Expression> items = new ArrayList<>();
        while (!tokens.isOperator("]")) {
            items.add(expressions.expression());
            if (!tokens.isOperator("]")) {
                tokens.expectOperator(",");
            }
        }
        tokens.take();
        return nesting.grown(new Primary.Listing(Sequence.Kind.LIST, items), items);
    }

    private Expression mapping() {
        tokens.expectOperator("{");
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.isOperator("}")) {
            keys.add(expressions.expression());
            tokens.expectOperator(":");
            values.add(expressions.expression());
            if (!tokens.isOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        tokens.take();
        List<Expression> all = new ArrayList<>(keys);
        all.addAll(values);
        return nesting.grown(new Primary.Mapping(keys, values), all);
    }

    /// Attributes, items and calls after `start`.
    Expression postfix(Expression start) {
        Expression expression = start;
        while (tokens.is(Kind.OPERATOR)) {
            switch (tokens.current().text()) {
                case "." -> expression = attribute(expression);
                case "[" -> expression = item(expression);
                case "(" -> expression = call(expression);
                default -> {
                    return expression;
                }
            }
        }
        return expression;
    }

    private Expression attribute(Expression owner) {
        tokens.expectOperator(".");
        if (tokens.is(Kind.INTEGER)) {
            Expression position = new Primary.Literal(integer(tokens.take()));
            return nesting.grown(new Access.Item(owner, position), List.of(owner));
        }
        String name = tokens.expect(Kind.NAME, "a name or number after the dot").text();
        return nesting.grown(new Access.Attribute(owner, Text.of(name)), List.of(owner));
    }

    private Expression item(Expression owner) {
        tokens.expectOperator("[");
        List<Expression> keys = new ArrayList<>();
        while (!tokens.isOperator("]")) {
            if (!tokens.isOperator(":")) {
                keys.add(expressions.expression());
            }
            if (tokens.isOperator(":")) {
                return slice(owner, keys);
            }
            if (!tokens.isOperator("]")) {
                tokens.expectOperator(",");
            }
        }
        tokens.take();
        Expression key =
                keys.size() == 1
                        ? keys.getFirst()
                        : nesting.grown(new Primary.Listing(Sequence.Kind.TUPLE, keys), keys);
        return nesting.grown(new Access.Item(owner, key), List.of(owner, key));
    }

    private Expression slice(Expression owner, List<Expression> start) {
        if (start.size() > 1) {
            throw tokens.fail("a slice cannot be one of several keys");
        }
        List<Expression> bounds = new ArrayList<>(start);
        if (bounds.isEmpty()) {
            bounds.add(new Primary.Literal(Value.None.NONE));
        }
        while (tokens.skipOperator(":")) {
            boolean isLeftOut = tokens.isOperator(":") || tokens.isOperator("]");
            bounds.add(isLeftOut ? new Primary.Literal(Value.None.NONE) : expressions.expression());
        }
        tokens.expectOperator("]");
        if (bounds.size() > 3) {
            throw tokens.fail("a slice has at most three parts");
        }
        if (bounds.size() == 2) {
            bounds.add(new Primary.Literal(Value.None.NONE));
        }
        List<Expression> all = new ArrayList<>(bounds);
        all.add(owner);
        return nesting.grown(new Access.Slice(owner, bounds), all);
    }

    private Expression call(Expression callee) {
        Passed passed = arguments();
        return nesting.grown(new Access.Call(callee, passed), parts(callee, passed));
    }

    private static List<Expression> parts(Expression subject, Passed passed) {
        List<Expression> parts = new ArrayList<>(passed.positional());
        parts.add(subject);
        parts.addAll(passed.named().values());
        passed.spreadList().ifPresent(parts::add);
        passed.spreadMapping().ifPresent(parts::add);
        return parts;
    }

    private Passed arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Optional<Expression> list = Optional.empty();
        Optional<Expression> mapping = Optional.empty();
        while (!tokens.isOperator(")")) {
            if (tokens.skipOperator("*")) {
                ordered(list.isEmpty() && mapping.isEmpty());
                list = Optional.of(expressions.expression());
            } else if (tokens.skipOperator("**")) {
                ordered(mapping.isEmpty());
                mapping = Optional.of(expressions.expression());
            } else if (tokens.is(Kind.NAME) && tokens.following().isOperator("=")) {
                ordered(mapping.isEmpty());
                String name = tokens.take().text();
                tokens.take();
                ordered(named.put(name, expressions.expression()) == null);
            } else {
                ordered(list.isEmpty() && mapping.isEmpty() && named.isEmpty());
                positional.add(expressions.expression());
            }
            if (!tokens.isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        tokens.take();
        return new Passed(positional, named, list, mapping);
    }

    private void ordered(boolean isInOrder) {
        if (!isInOrder) {
            throw tokens.fail("the arguments of a call are out of order or given twice");
        }
    }

    /// Filters, tests and calls after `start`.
    Expression filtersAndTests(Expression start) {
        Expression expression = start;
        while (true) {
            if (tokens.skipOperator("|")) {
                expression = filter(expression);
            } else if (tokens.skipName("is")) {
                expression = test(expression);
            } else if (tokens.isOperator("(")) {
                expression = call(expression);
            } else {
                return expression;
            }
        }
    }

    /// The filters after `start`, beginning with bars.
    Expression filters(Expression start) {
        Expression expression = start;
        while (tokens.skipOperator("|")) {
            expression = filter(expression);
        }
        return expression;
    }

    /// One filter without its bar.
    Expression filter(Expression subject) {
        int line = tokens.line();
        String name = dottedName("the name of a filter");
        Passed passed = tokens.isOperator("(") ? arguments() : Passed.NOTHING;
        Optional<Operation> filter = Filters.find(name);
        require(filter, line, "no filter named '" + name + "'");
        return nesting.grown(
                new Access.Filtering(subject, name, filter, passed), parts(subject, passed));
    }

    private Expression test(Expression subject) {
        boolean isNegated = tokens.skipName("not");
        int line = tokens.line();
        String name = dottedName("the name of a test");
        Passed passed = testArguments();
        Optional<Operation> test = Tests.find(name);
        require(test, line, "no test named '" + name + "'");
        Expression testing =
                nesting.grown(
                        new Access.Testing(subject, name, test, passed), parts(subject, passed));
        return isNegated
                ? nesting.grown(new Computation.Negation(testing), List.of(testing))
                : testing;
    }

    /// A test may take its only argument without parentheses.
    private Passed testArguments() {
        if (tokens.isOperator("(")) {
            return arguments();
        }
        Token token = tokens.current();
        boolean isArgument =
                switch (token.kind()) {
                    case NAME -> !AFTER_TEST.contains(token.text());
                    case STRING, INTEGER, FLOAT -> true;
                    case OPERATOR -> token.isOperator("[") || token.isOperator("{");
                    default -> false;
                };
        if (!isArgument) {
            return Passed.NOTHING;
        }
        if (token.isName("is")) {
            throw tokens.fail("tests cannot be chained with 'is'");
        }
        List<Expression> argument = List.of(postfix(primary()));
        return new Passed(argument, Map.of(), Optional.empty(), Optional.empty());
    }

    private String dottedName(String what) {
        var name = new StringBuilder(tokens.expect(Kind.NAME, what).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME, what).text());
        }
        return name.toString();
    }

    private void require(Optional<Operation> operation, int line, String problem) {
        if (operation.isEmpty()) {
            nesting.unknown(new SyntaxException(line, problem));
        }
    }
}
