package dev.stator.architecture;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// One Java source file, measured by the compiler's own parser.
record SourceFile(Path path, List<String> lines, List<Method> methods) {

    /// One method or constructor.
    ///
    /// @param isTable whether its parameters are the columns of a record or of a test's table
    record Method(String name, int lines, int parameters, int nesting, boolean isTable) {}

    /// Parses all files at once, which is much faster than one by one.
    static List<SourceFile> parse(List<Path> paths) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<SourceFile> files = new ArrayList<>();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            var task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(paths));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                Path path = Path.of(unit.getSourceFile().toUri());
                var scanner = new MethodScanner(unit, positions);
                scanner.scan(unit, null);
                files.add(new SourceFile(path, Files.readAllLines(path), scanner.methods));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static final class MethodScanner extends TreeScanner<Void, Void> {
        private static final String TABLE_TEST = "ParameterizedTest";

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Method> methods = new ArrayList<>();
        private boolean inRecord;

        MethodScanner(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            boolean outer = inRecord;
            inRecord = type.getKind() == Tree.Kind.RECORD;
            super.visitClass(type, null);
            inRecord = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            BlockTree body = method.getBody();
            if (body != null && positions.getEndPosition(unit, body) >= 0) {
                var nesting = new NestingScanner();
                nesting.scan(body, null);
                methods.add(
                        new Method(
                                method.getName().toString(),
                                linesOf(body),
                                method.getParameters().size(),
                                nesting.deepest,
                                isTable(method)));
            }
            return super.visitMethod(method, null);
        }

        private boolean isTable(MethodTree method) {
            return (inRecord && method.getName().contentEquals("<init>"))
                    || method.getModifiers().getAnnotations().stream()
                            .anyMatch(it -> it.getAnnotationType().toString().equals(TABLE_TEST));
        }

        private int linesOf(Tree tree) {
            var map = unit.getLineMap();
            return (int)
                    (map.getLineNumber(positions.getEndPosition(unit, tree))
                            - map.getLineNumber(positions.getStartPosition(unit, tree))
                            + 1);
        }
    }

    /// Counts control structures within each other; `else if` stays on its level.
    private static final class NestingScanner extends TreeScanner<Void, Void> {
        private int depth;
        private int deepest;

        @Override
        public Void scan(Tree tree, Void none) {
            if (!nests(tree)) {
                return super.scan(tree, null);
            }
            depth++;
            deepest = Math.max(deepest, depth);
            super.scan(tree, null);
            depth--;
            return null;
        }

        @Override
        public Void visitIf(IfTree branch, Void none) {
            scan(branch.getCondition(), null);
            scan(branch.getThenStatement(), null);
            if (branch.getElseStatement() instanceof IfTree next) {
                return visitIf(next, null);
            }
            return scan(branch.getElseStatement(), null);
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            return null;
        }

        private static boolean nests(Tree tree) {
            return tree instanceof IfTree
                    || tree instanceof ForLoopTree
                    || tree instanceof EnhancedForLoopTree
                    || tree instanceof WhileLoopTree
                    || tree instanceof DoWhileLoopTree
                    || tree instanceof SwitchTree
                    || tree instanceof SwitchExpressionTree
                    || tree instanceof TryTree
                    || (tree instanceof LambdaExpressionTree lambda
                            && lambda.getBodyKind() == LambdaExpressionTree.BodyKind.STATEMENT);
        }
    }
}
