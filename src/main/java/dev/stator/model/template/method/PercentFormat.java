package dev.stator.model.template.method;

import dev.stator.model.template.value.Arithmetic;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/// Python's `'%s: %05.1f' % values`.
public final class PercentFormat {
    private static final int DIGITS_MAX = 9;

    private final String pattern;
    private final boolean isMarkup;
    private final Value operand;
    private final List<Value> values;
    private final Budget budget;
    private int at;
    private int taken;

    private PercentFormat(Text pattern, Value operand, Budget budget) {
        this.pattern = pattern.value();
        this.isMarkup = pattern.isMarkup();
        this.operand = operand;
        this.values =
                operand instanceof Sequence tuple && tuple.kind() == Sequence.Kind.TUPLE
                        ? tuple.items()
                        : List.of(operand);
        this.budget = budget;
    }

    /// `pattern % operand`.
    public static Value format(Text pattern, Value operand, Budget budget) {
        return pattern.like(new PercentFormat(pattern, operand, budget).format());
    }

    private String format() {
        var out = new StringBuilder();
        boolean isNamed = false;
        while (at < pattern.length()) {
            char c = pattern.charAt(at++);
            if (c == '%') {
                isNamed |= at < pattern.length() && pattern.charAt(at) == '(';
                out.append(conversion());
                budget.fit(out.length());
                budget.step();
            } else {
                out.append(c);
            }
        }
        boolean isUnused = !isNamed && taken < values.size() && !(operand instanceof Dict);
        if (isUnused && !isIndexable(operand)) {
            throw TemplateFault.evaluation("not all arguments were converted");
        }
        budget.read(out.length());
        return out.toString();
    }

    /// Operands that Python accepts without using them, because they could be mappings.
    private static boolean isIndexable(Value operand) {
        return operand instanceof Sequence list && list.kind() != Sequence.Kind.TUPLE;
    }

    private String conversion() {
        Value named = peek() == '(' ? named() : null;
        int start = at;
        while ("-+ #0".indexOf(peek()) >= 0) {
            at++;
        }
        String flags = pattern.substring(start, at);
        long width = number();
        int precision = -1;
        if (peek() == '.') {
            at++;
            precision = Math.toIntExact(number());
        }
        char type = peek();
        at++;
        if (type == '%' && at == start + 1) {
            return "%";
        }
        Value value = named != null ? named : next();
        boolean isLeft = flags.indexOf('-') >= 0 || width < 0;
        char sign = flags.indexOf('+') >= 0 ? '+' : flags.indexOf(' ') >= 0 ? ' ' : '-';
        boolean isZeroed = flags.indexOf('0') >= 0 && !isLeft && "rsac".indexOf(type) < 0;
        var spec =
                new FormatSpec(
                        isZeroed ? "0" : " ",
                        isLeft ? '<' : isZeroed ? '=' : '>',
                        sign,
                        flags.indexOf('#') >= 0,
                        Math.abs(width),
                        (char) 0,
                        precision,
                        type);
        return convert(spec, value);
    }

    private char peek() {
        if (at >= pattern.length()) {
            throw TemplateFault.evaluation("incomplete format");
        }
        return pattern.charAt(at);
    }

    private Value named() {
        int end = pattern.indexOf(')', at);
        if (end < 0 || !(operand instanceof Dict dict)) {
            throw TemplateFault.evaluation("a named format needs a mapping");
        }
        String name = pattern.substring(at + 1, end);
        at = end + 1;
        Value value = dict.find(Text.of(name));
        if (value == null) {
            throw TemplateFault.evaluation("no value for the format key '" + name + "'");
        }
        return value;
    }

    private Value next() {
        if (taken >= values.size()) {
            throw TemplateFault.evaluation("not enough arguments for the format string");
        }
        return values.get(taken++);
    }

    private long number() {
        if (peek() == '*') {
            at++;
            if (next() instanceof Num.Int(var width) && Math.abs(width) < 1L << 30) {
                return width;
            }
            throw TemplateFault.evaluation("* wants a whole number");
        }
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at - start > DIGITS_MAX) {
            throw TemplateFault.limit("a width or precision is too large");
        }
        return at == start ? 0 : Integer.parseInt(pattern.substring(start, at));
    }

    private String convert(FormatSpec spec, Value value) {
        return switch (spec.type()) {
            case 's' -> plain(spec, shown(Texts.of(value, budget)));
            case 'r', 'a' -> plain(spec, shown(Text.of(Texts.repr(value, budget))));
            case 'c' -> plain(spec, character(value));
            case 'd', 'i', 'u' -> whole(spec, truncated(value), 'd');
            case 'x', 'X', 'o' -> whole(spec, exact(value), spec.type());
            case 'e', 'E', 'f', 'F', 'g', 'G' ->
                    spec.apply(new Num.Real(number(value).toDouble()), budget);
            default ->
                    throw TemplateFault.evaluation(
                            "unsupported format character '" + spec.type() + "'");
        };
    }

    /// A string to insert, escaped for a pattern that is markup.
    private String shown(Text text) {
        budget.fit(6L * text.value().length());
        return isMarkup ? text.escaped().value() : text.value();
    }

    private String plain(FormatSpec spec, String text) {
        return with(spec, '-', spec.precision(), 's').apply(Text.of(text), budget);
    }

    private String whole(FormatSpec spec, BigInteger value, char type) {
        budget.fit(spec.precision());
        String least = value.abs().toString();
        if (type == 'd' && spec.precision() > least.length()) {
            String digits = TextMethods.pad(least, spec.precision(), "0", 1, budget);
            String shownSign =
                    value.signum() < 0 ? "-" : spec.sign() == '-' ? "" : "" + spec.sign();
            return with(spec, '-', -1, 's').apply(Text.of(shownSign + digits), budget);
        }
        return with(spec, spec.sign(), -1, type).apply(Arithmetic.whole(value), budget);
    }

    private static FormatSpec with(FormatSpec spec, char sign, int precision, char type) {
        return new FormatSpec(
                spec.fill(),
                spec.align() == '=' && type == 's' ? '>' : spec.align(),
                sign,
                spec.isAlternate(),
                spec.width(),
                spec.grouping(),
                precision,
                type);
    }

    private String character(Value value) {
        if (value instanceof Text(var text, _) && text.codePointCount(0, text.length()) == 1) {
            return text;
        }
        return Character.toString(FormatSpec.codePoint(exact(value)));
    }

    private static Num number(Value value) {
        if (!(value instanceof Num number)) {
            throw TemplateFault.unexpected(value, "is not a number to format");
        }
        return number;
    }

    private static BigInteger exact(Value value) {
        Num number = number(value);
        if (number instanceof Num.Real) {
            throw TemplateFault.evaluation("a whole number is needed, not a float");
        }
        return Arithmetic.bigInteger(number);
    }

    private static BigInteger truncated(Value value) {
        Num number = number(value);
        if (!(number instanceof Num.Real(var real))) {
            return Arithmetic.bigInteger(number);
        }
        if (Double.isNaN(real) || Double.isInfinite(real)) {
            throw TemplateFault.evaluation(
                    "cannot convert " + number.text() + " to a whole number");
        }
        return new BigDecimal(real).toBigInteger();
    }
}
