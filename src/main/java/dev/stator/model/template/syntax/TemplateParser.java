package dev.stator.model.template.syntax;

import dev.stator.model.template.syntax.Token.Kind;
import dev.stator.model.template.tree.Access;
import dev.stator.model.template.tree.Block;
import dev.stator.model.template.tree.Expression;
import dev.stator.model.template.tree.Loop;
import dev.stator.model.template.tree.MacroStatement;
import dev.stator.model.template.tree.Primary;
import dev.stator.model.template.tree.Signature;
import dev.stator.model.template.tree.Statement;
import dev.stator.model.template.tree.Target;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The grammar of statements.
public final class TemplateParser {
    private static final int PARAMETERS_MAX = 100;
    private static final Set<String> OTHER_FILES =
            Set.of("include", "import", "from", "extends", "block");

    private final TokenReader tokens;
    private final Nesting nesting;
    private final ExpressionParser expressions;
    private final TargetParser targets;
    private final Deque<String> openTags = new ArrayDeque<>();
    private int loops;

    private TemplateParser(String source) {
        this.tokens = new TokenReader(Lexer.tokens(source));
        this.nesting = new Nesting(tokens);
        this.expressions = new ExpressionParser(tokens, nesting);
        this.targets = new TargetParser(tokens, nesting);
    }

    /// The tree of `source`. Throws `SyntaxException` when it is not a template.
    public static Block parse(String source) {
        var parser = new TemplateParser(source);
        Block block = parser.block(Set.of());
        if (!parser.tokens.is(Kind.END)) {
            throw parser.tokens.fail("unexpected " + parser.tokens.current().shown());
        }
        return block;
    }

    /// Statements up to a tag whose name is among `ends`; the reader then stands on that name.
    private Block block(Set<String> ends) {
        List<Statement> statements = new ArrayList<>();
        nesting.enterStatement();
        while (!tokens.is(Kind.END)) {
            Token token = tokens.take();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Data(token.text()));
                case OUTPUT_BEGIN -> {
                    statements.add(new Statement.Output(tuple(Kind.OUTPUT_END), token.line()));
                    tokens.expect(Kind.OUTPUT_END, "'}}'");
                }
                default -> {
                    if (tokens.is(Kind.NAME) && ends.contains(tokens.current().text())) {
                        nesting.leaveStatement();
                        return new Block(statements);
                    }
                    statement(statements);
                    tokens.expect(Kind.TAG_END, "'%}'");
                }
            }
            requireKnownNames();
        }
        nesting.leaveStatement();
        if (!ends.isEmpty()) {
            throw tokens.fail("the tag '" + openTags.element() + "' is never closed");
        }
        return new Block(statements);
    }

    private void requireKnownNames() {
        nesting.unknown()
                .ifPresent(
                        problem -> {
                            throw problem;
                        });
    }

    /// The rest of the tag that opens a block, then the block, then its closing name.
    private Block body(String end) {
        Block body = branch(Set.of(end));
        tokens.take();
        return body;
    }

    private Block branch(Set<String> ends) {
        tokens.skipOperator(":");
        tokens.expect(Kind.TAG_END, "'%}'");
        return block(ends);
    }

    private Expression tuple(Kind end) {
        return expressions.tuple(true, () -> tokens.is(end));
    }

    private void statement(List<Statement> statements) {
        int line = tokens.line();
        String tag = tokens.expect(Kind.NAME, "the name of a tag").text();
        openTags.push(tag);
        boolean wasConditional = nesting.conditional(nesting.isConditional());
        switch (tag) {
            case "if" -> statements.add(choice(line));
            case "for" -> statements.add(loop(line));
            case "set" -> statements.add(assignment(line));
            case "macro" -> statements.add(macro(line));
            case "call" -> statements.add(callBlock(line));
            case "filter" -> statements.add(filterBlock(line));
            case "with" -> statements.add(scoped(line));
            case "generation" -> statements.add(generation(line));
            case "print" -> print(statements, line);
            case "break", "continue" -> statements.add(jump(tag));
            default -> throw unknown(tag);
        }
        nesting.conditional(wasConditional);
        openTags.pop();
    }

    private SyntaxException unknown(String tag) {
        openTags.pop();
        if (OTHER_FILES.contains(tag)) {
            return tokens.fail("'" + tag + "' is refused: a chat template is a single file");
        }
        String open =
                openTags.isEmpty() ? "" : "; the innermost open tag is '" + openTags.peek() + "'";
        return tokens.fail("unknown tag '" + tag + "'" + open);
    }

    private Statement choice(int line) {
        nesting.conditional(true);
        List<Statement.Branch> branches = new ArrayList<>();
        Block otherwise = Block.EMPTY;
        int branchLine = line;
        while (true) {
            Expression condition = expressions.tuple(false, () -> tokens.is(Kind.TAG_END));
            Block body = branch(Set.of("elif", "else", "endif"));
            branches.add(new Statement.Branch(condition, body, branchLine));
            branchLine = tokens.line();
            String end = tokens.take().text();
            if (end.equals("else")) {
                otherwise = body("endif");
            }
            if (!end.equals("elif")) {
                return new Statement.If(branches, otherwise);
            }
        }
    }

    private Statement loop(int line) {
        Target target = targets.variables();
        targets.refuseLoop(target);
        tokens.expectName("in");
        Expression items =
                expressions.tuple(
                        false,
                        () ->
                                tokens.is(Kind.TAG_END)
                                        || tokens.isName("if")
                                        || tokens.isName("recursive"));
        nesting.conditional(false);
        Optional<Expression> condition =
                tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        if (tokens.isName("recursive")) {
            throw tokens.fail("recursive loops are not supported");
        }
        Nesting.Region region = nesting.begin();
        loops++;
        Block body = branch(Set.of("endfor", "else"));
        loops--;
        boolean usesLoop = region.end().contains("loop");
        boolean hasElse = tokens.take().text().equals("else");
        Block otherwise = hasElse ? body("endfor") : Block.EMPTY;
        return new Loop(target, items, condition, body, otherwise, usesLoop, line);
    }

    private Statement assignment(int line) {
        Target target = targets.assignable();
        if (loops > 0) {
            targets.refuseLoop(target);
        }
        if (tokens.skipOperator("=")) {
            return new Statement.Assignment(target, tuple(Kind.TAG_END), line);
        }
        nesting.conditional(false);
        Expression filtered = expressions.operands().filters(new Primary.Captured());
        return new Statement.Capture(Optional.of(target), filtered, body("endset"), line);
    }

    private Statement filterBlock(int line) {
        nesting.conditional(false);
        OperandParser operands = expressions.operands();
        Expression filtered = operands.filters(operands.filter(new Primary.Captured()));
        return new Statement.Capture(Optional.empty(), filtered, body("endfilter"), line);
    }

    private Statement scoped(int line) {
        nesting.conditional(false);
        List<Target> names = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.is(Kind.TAG_END)) {
            if (!names.isEmpty()) {
                tokens.expectOperator(",");
            }
            names.add(targets.variables());
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Statement.Scoped(names, values, body("endwith"), line);
    }

    private Statement generation(int line) {
        nesting.conditional(false);
        Block body = outsideOfLoops("endgeneration");
        return new Statement.Scoped(List.of(), List.of(), body, line);
    }

    private Statement macro(int line) {
        nesting.conditional(false);
        String name = targets.name();
        Nesting.Region region = nesting.begin();
        Parameters parameters = parameters();
        Block body = outsideOfLoops("endmacro");
        return new MacroStatement.Definition(parameters.signature(name, region), body, line);
    }

    private Statement callBlock(int line) {
        Nesting.Region region = nesting.begin();
        Parameters parameters =
                tokens.isOperator("(") ? parameters() : new Parameters(List.of(), List.of());
        Access.Call call = expressions.call();
        nesting.conditional(false);
        Block body = outsideOfLoops("endcall");
        Signature signature = parameters.signature("caller", region);
        return new MacroStatement.CallBlock(call, signature, body, line);
    }

    /// A body that `break` cannot leave.
    private Block outsideOfLoops(String end) {
        int outer = loops;
        loops = 0;
        Block body = body(end);
        loops = outer;
        return body;
    }

    private Parameters parameters() {
        List<String> names = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.isOperator(")")) {
            if (!names.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = targets.name();
            if (names.contains(name)) {
                throw tokens.fail("the parameter '" + name + "' is given twice");
            }
            names.add(name);
            if (names.size() > PARAMETERS_MAX) {
                throw tokens.fail("a macro has more than " + PARAMETERS_MAX + " parameters");
            }
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.fail("a parameter without default follows one with a default");
            }
        }
        tokens.take();
        return new Parameters(names, defaults);
    }

    private void print(List<Statement> statements, int line) {
        while (!tokens.is(Kind.TAG_END)) {
            statements.add(new Statement.Output(expressions.expression(), line));
            if (!tokens.is(Kind.TAG_END)) {
                tokens.expectOperator(",");
            }
        }
    }

    private Statement jump(String tag) {
        if (loops == 0) {
            throw tokens.fail("'" + tag + "' outside of a loop");
        }
        return new Statement.Jump(
                tag.equals("break") ? Statement.Flow.BREAK : Statement.Flow.CONTINUE);
    }

    /// The parameters of a macro as written.
    private record Parameters(List<String> names, List<Expression> defaults) {

        Signature signature(String name, Nesting.Region region) {
            Set<String> mentioned = region.end();
            return new Signature(name, names, defaults, mentioned, region.height());
        }
    }
}
