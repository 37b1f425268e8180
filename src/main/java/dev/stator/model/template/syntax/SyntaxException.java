package dev.stator.model.template.syntax;

/// The source is not a template we render. Carries no stack trace: whoever compiles adds the name.
public final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    SyntaxException(int line, String problem) {
        super(problem, null, false, false);
        this.line = line;
    }

    /// Where the problem is, counted from one.
    public int line() {
        return line;
    }

    public String problem() {
        return String.valueOf(getMessage());
    }
}
