package dev.stator.model.template.syntax;

import dev.stator.model.template.syntax.Token.Kind;
import dev.stator.model.template.tree.Access;
import dev.stator.model.template.tree.Computation;
import dev.stator.model.template.tree.Computation.Operator;
import dev.stator.model.template.tree.Computation.Relation;
import dev.stator.model.template.tree.Expression;
import dev.stator.model.template.tree.Primary;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The grammar of expressions from the loosest operator down to the sign; `OperandParser` has what
/// is tighter.
final class ExpressionParser {
    private static final Map<String, Operator> SUMS =
            Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);
    private static final Map<String, Operator> PRODUCTS =
            Map.of(
                    "*", Operator.MULTIPLY,
                    "/", Operator.DIVIDE,
                    "//", Operator.FLOOR_DIVIDE,
                    "%", Operator.MODULO);
    private static final Map<String, Operator> POWERS = Map.of("**", Operator.POWER);
    private static final Map<String, Relation> RELATIONS =
            Map.of(
                    "==", Relation.EQUAL,
                    "!=", Relation.UNEQUAL,
                    "<", Relation.LESS,
                    "<=", Relation.LESS_OR_EQUAL,
                    ">", Relation.GREATER,
                    ">=", Relation.GREATER_OR_EQUAL);

    private final TokenReader tokens;
    private final Nesting nesting;
    private final OperandParser operands;

    ExpressionParser(TokenReader tokens, Nesting nesting) {
        this.tokens = tokens;
        this.nesting = nesting;
        this.operands = new OperandParser(tokens, nesting, this);
    }

    OperandParser operands() {
        return operands;
    }

    /// An expression.
    Expression expression() {
        nesting.enterBrackets();
        Optional<SyntaxException> unknownBefore = nesting.unknown();
        Expression then = disjunction();
        while (tokens.skipName("if")) {
            nesting.forget(unknownBefore);
            boolean before = nesting.conditional(true);
            Expression condition = disjunction();
            Expression otherwise =
                    tokens.skipName("else") ? expression() : new Primary.Literal(noElse());
            nesting.conditional(before);
            then =
                    nesting.grown(
                            new Computation.Choice(condition, then, otherwise),
                            List.of(condition, then, otherwise));
        }
        nesting.leaveBrackets();
        return then;
    }

    /// An expression without `if … else` at its top.
    Expression disjunction() {
        Expression left = conjunction();
        while (tokens.skipName("or")) {
            Expression right = conjunction();
            left = nesting.grown(new Computation.Disjunction(left, right), List.of(left, right));
        }
        return left;
    }

    /// Expressions separated by commas make a tuple; a single one without comma is itself.
    Expression tuple(boolean isChoiceAllowed, BooleanSupplier isEnd) {
        return tuple(isChoiceAllowed ? this::expression : this::disjunction, isEnd, false);
    }

    /// A tuple in parentheses, which may be empty.
    Expression parenthesized() {
        return tuple(this::expression, () -> tokens.isOperator(")"), true);
    }

    private Expression tuple(
            Supplier<Expression> element, BooleanSupplier isEnd, boolean mayBeEmpty) {
        List<Expression> items = new ArrayList<>();
        boolean isTuple = false;
        while (!isEnd.getAsBoolean()) {
            items.add(element.get());
            if (!tokens.skipOperator(",")) {
                break;
            }
            isTuple = true;
        }
        if (!isTuple && items.size() == 1) {
            return items.getFirst();
        }
        if (items.isEmpty() && !mayBeEmpty) {
            throw tokens.fail("expected an expression instead of " + tokens.current().shown());
        }
        return nesting.grown(new Primary.Listing(Sequence.Kind.TUPLE, items), items);
    }

    private static Value noElse() {
        return new Value.Undefined("the inline if has no else and its condition is false");
    }

    private Expression conjunction() {
        Expression left = negation();
        while (tokens.skipName("and")) {
            Expression right = negation();
            left = nesting.grown(new Computation.Conjunction(left, right), List.of(left, right));
        }
        return left;
    }

    private Expression negation() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        nesting.enterBrackets();
        Expression operand = negation();
        nesting.leaveBrackets();
        return nesting.grown(new Computation.Negation(operand), List.of(operand));
    }

    private Expression comparison() {
        Expression first = sum();
        List<Relation> relations = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (takeRelation(relations)) {
            others.add(sum());
        }
        if (others.isEmpty()) {
            return first;
        }
        List<Expression> all = new ArrayList<>(others);
        all.add(first);
        return nesting.grown(new Computation.Comparison(first, relations, others), all);
    }

    private boolean takeRelation(List<Relation> relations) {
        Relation relation =
                tokens.is(Kind.OPERATOR) ? RELATIONS.get(tokens.current().text()) : null;
        if (relation != null) {
            tokens.take();
            return relations.add(relation);
        }
        if (tokens.skipName("in")) {
            return relations.add(Relation.IN);
        }
        if (tokens.isName("not") && tokens.following().isName("in")) {
            tokens.take();
            tokens.take();
            return relations.add(Relation.NOT_IN);
        }
        return false;
    }

    private Expression sum() {
        return chain(this::concatenation, SUMS);
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return nesting.grown(new Computation.Concatenation(parts), parts);
    }

    private Expression product() {
        return chain(this::power, PRODUCTS);
    }

    /// Groups from the left, unlike Python.
    private Expression power() {
        return chain(() -> signed(true), POWERS);
    }

    private Expression chain(Supplier<Expression> operand, Map<String, Operator> operators) {
        Expression left = operand.get();
        while (true) {
            Operator operator =
                    tokens.is(Kind.OPERATOR) ? operators.get(tokens.current().text()) : null;
            if (operator == null) {
                return left;
            }
            tokens.take();
            Expression right = operand.get();
            left =
                    nesting.grown(
                            new Computation.Binary(operator, left, right), List.of(left, right));
        }
    }

    private Expression signed(boolean isFilterAllowed) {
        Expression expression;
        if (tokens.isOperator("-") || tokens.isOperator("+")) {
            boolean isMinus = tokens.take().text().equals("-");
            nesting.enterBrackets();
            Expression operand = signed(false);
            nesting.leaveBrackets();
            expression = nesting.grown(new Computation.Sign(isMinus, operand), List.of(operand));
        } else {
            expression = operands.primary();
        }
        Expression complete = operands.postfix(expression);
        return isFilterAllowed ? operands.filtersAndTests(complete) : complete;
    }

    /// The call that `{% call %}` makes.
    Access.Call call() {
        return expression() instanceof Access.Call call ? call : refuseCall();
    }

    private Access.Call refuseCall() {
        throw tokens.fail("a call block needs a call");
    }
}
