package dev.stator.model.template;

/// A template that cannot be compiled or rendered. The message names template, line and problem.
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Whose fault it is.
    public enum Kind {
        /// The source is not a template.
        SYNTAX,
        /// An expression failed; the template does not fit the conversation.
        EVALUATION,
        /// The template or the conversation is larger than the limits allow.
        LIMIT,
        /// The template called `raise_exception`: it refuses the conversation and says why.
        RAISED
    }

    private final String templateName;
    private final int line;
    private final Kind kind;
    private final String problem;

    TemplateException(String templateName, int line, Kind kind, String problem) {
        super("template '%s', line %d: %s".formatted(templateName, line, problem));
        this.templateName = templateName;
        this.line = line;
        this.kind = kind;
        this.problem = problem;
    }

    public String templateName() {
        return templateName;
    }

    /// Counted from one.
    public int line() {
        return line;
    }

    public Kind kind() {
        return kind;
    }

    /// The message without template and line; of kind `RAISED` what the template said.
    public String problem() {
        return problem;
    }
}
