package dev.stator.model.template.value;

/// Why a template cannot go on. Carries no stack trace: whoever runs the template adds its name and
/// line and reports that.
public final class TemplateFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What kind of problem it is.
    public enum Reason {

        /// An expression failed, as it would in Python.
        EVALUATION,
        /// The rendering costs more than its limits allow.
        LIMIT,
        /// The template called `raise_exception`.
        RAISED
    }

    private final Reason reason;

    private TemplateFault(Reason reason, String problem) {
        super(problem, null, false, false);
        this.reason = reason;
    }

    public static TemplateFault evaluation(String problem) {
        return new TemplateFault(Reason.EVALUATION, problem);
    }

    public static TemplateFault limit(String problem) {
        return new TemplateFault(Reason.LIMIT, problem);
    }

    public static TemplateFault raised(String problem) {
        return new TemplateFault(Reason.RAISED, problem);
    }

    /// An operator between values that do not know it; an undefined operand is the better story.
    public static TemplateFault operands(String operator, Value left, Value right) {
        if (left instanceof Value.Undefined(var problem)) {
            return evaluation(problem);
        }
        if (right instanceof Value.Undefined(var problem)) {
            return evaluation(problem);
        }
        return evaluation(
                "unsupported operands for %s: '%s' and '%s'"
                        .formatted(operator, left.typeName(), right.typeName()));
    }

    /// A value of the wrong type; an undefined one explains itself.
    public static TemplateFault unexpected(Value value, String problem) {
        return evaluation(
                value instanceof Value.Undefined(var why)
                        ? why
                        : "'" + value.typeName() + "' " + problem);
    }

    public Reason reason() {
        return reason;
    }

    public String problem() {
        return String.valueOf(getMessage());
    }
}
