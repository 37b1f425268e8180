package dev.stator.model.template.tree;

import java.util.List;

/// Statements one after the other.
public record Block(List<Statement> statements) {
    public static final Block EMPTY = new Block(List.of());

    public Block {
        statements = List.copyOf(statements);
    }

    /// Renders until the end or until a statement leaves the loop turn.
    public Statement.Flow render(Frame frame) {
        for (Statement statement : statements) {
            Statement.Flow flow = statement.render(frame);
            if (flow != Statement.Flow.NEXT) {
                return flow;
            }
        }
        return Statement.Flow.NEXT;
    }
}
