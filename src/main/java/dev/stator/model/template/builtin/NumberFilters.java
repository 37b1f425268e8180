package dev.stator.model.template.builtin;

import dev.stator.model.template.method.Attributes;
import dev.stator.model.template.method.CollectionMethods;
import dev.stator.model.template.method.NumberText;
import dev.stator.model.template.method.Operations;
import dev.stator.model.template.method.TextCase;
import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Arithmetic;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.CodePoints;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Set;

/// The filters about numbers and about single values of any type.
final class NumberFilters {
    static final Operations FILTERS =
            new Operations()
                    .define("abs", "", (value, _, _) -> abs(value))
                    .define("int", "default base", NumberFilters::toInt)
                    .define("float", "default", NumberFilters::toFloat)
                    .define("round", "precision method", NumberFilters::round)
                    .define("filesizeformat", "binary", NumberFilters::fileSize)
                    .define("default", "default_value boolean", NumberFilters::orDefault)
                    .alias("d", "default")
                    .define(
                            "attr",
                            "name",
                            (value, a, _) ->
                                    value instanceof Dict
                                            ? methodOnly(value, a.text(0))
                                            : Attributes.attribute(value, Text.of(a.text(0))));

    private static final Set<String> ROUNDINGS = Set.of("common", "ceil", "floor");
    private static final int DIGITS_MAX = 5_000;

    private NumberFilters() {}

    private static Value methodOnly(Value dict, String name) {
        return CollectionMethods.ofDict(name) != null
                ? Attributes.attribute(dict, Text.of(name))
                : Value.Undefined.attribute(dict, name);
    }

    private static Value abs(Value value) {
        return switch (value) {
            case Num.Real(var real) -> new Num.Real(Math.abs(real));
            case Num number -> Arithmetic.whole(Arithmetic.bigInteger(number).abs());
            default -> throw TemplateFault.unexpected(value, "has no absolute value");
        };
    }

    private static Value orDefault(Value value, Arguments arguments, Budget budget) {
        boolean isMissing =
                value instanceof Value.Undefined || (arguments.flag(1) && !value.isTruthy());
        return isMissing ? arguments.get(0, Text.EMPTY) : value;
    }

    private static Value toInt(Value value, Arguments arguments, Budget budget) {
        return switch (value) {
            case Value.Undefined(var problem) -> throw TemplateFault.evaluation(problem);
            case Num.Real(var real) -> truncated(real, arguments);
            case Num number -> Arithmetic.whole(Arithmetic.bigInteger(number));
            case Text(var text, _) -> parsedInt(text, arguments);
            default -> arguments.get(0, Num.Int.ZERO);
        };
    }

    private static Value truncated(double real, Arguments arguments) {
        if (Double.isInfinite(real)) {
            throw TemplateFault.evaluation("cannot convert infinity to a whole number");
        }
        return Double.isNaN(real)
                ? arguments.get(0, Num.Int.ZERO)
                : Arithmetic.whole(new BigDecimal(real).toBigInteger());
    }

    private static Value parsedInt(String text, Arguments arguments) {
        BigInteger whole = WholeNumbers.parse(text, Math.toIntExact(arguments.integer(1, 10)));
        if (whole != null) {
            return Arithmetic.whole(whole);
        }
        Double real = parseDouble(text);
        return real == null || real.isNaN() || real.isInfinite()
                ? arguments.get(0, Num.Int.ZERO)
                : Arithmetic.whole(new BigDecimal(real).toBigInteger());
    }

    private static Value toFloat(Value value, Arguments arguments, Budget budget) {
        Value fallback = arguments.get(0, new Num.Real(0));
        return switch (value) {
            case Value.Undefined(var problem) -> throw TemplateFault.evaluation(problem);
            case Num number -> new Num.Real(number.toDouble());
            case Text(var text, _) -> {
                Double real = parseDouble(text);
                yield real == null ? fallback : new Num.Real(real);
            }
            default -> fallback;
        };
    }

    /// What `float(text)` says, absent when it raises.
    private static @Nullable Double parseDouble(String text) {
        String number = TextCase.lower(CodePoints.strip(text, true, true));
        String unsigned =
                number.startsWith("-") || number.startsWith("+") ? number.substring(1) : number;
        if (Set.of("inf", "infinity", "nan").contains(unsigned)) {
            double special = unsigned.equals("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
            return number.startsWith("-") ? -special : special;
        }
        boolean isPlain = unsigned.chars().allMatch(c -> "0123456789.e+-_".indexOf(c) >= 0);
        if (!isPlain
                || unsigned.length() > DIGITS_MAX
                || !WholeNumbers.hasProperUnderscores(unsigned)) {
            return null;
        }
        try {
            return Double.valueOf(number.replace("_", ""));
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static Value round(Value value, Arguments arguments, Budget budget) {
        int precision = Math.toIntExact(Math.clamp(arguments.integer(0, 0), -400, 400));
        String method = arguments.has(1) ? arguments.text(1) : "common";
        if (!ROUNDINGS.contains(method)) {
            throw TemplateFault.evaluation("method must be common, ceil or floor");
        }
        if (!(value instanceof Num number)) {
            throw TemplateFault.unexpected(value, "cannot be rounded");
        }
        if (method.equals("common")) {
            return roundHalfEven(number, precision);
        }
        double scaled = number.toDouble() * Math.pow(10, precision);
        double rounded = method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled);
        return new Num.Real(rounded / Math.pow(10, precision));
    }

    private static Value roundHalfEven(Num number, int precision) {
        if (!(number instanceof Num.Real(var real))) {
            var exact = new BigDecimal(Arithmetic.bigInteger(number));
            return precision >= 0
                    ? Arithmetic.whole(exact.toBigInteger())
                    : Arithmetic.whole(
                            exact.setScale(precision, RoundingMode.HALF_EVEN).toBigInteger());
        }
        if (Double.isNaN(real) || Double.isInfinite(real)) {
            return number;
        }
        double rounded =
                new BigDecimal(real).setScale(precision, RoundingMode.HALF_EVEN).doubleValue();
        return new Num.Real(Math.copySign(rounded, real));
    }

    private static Value fileSize(Value value, Arguments arguments, Budget budget) {
        Arguments noFallback = Arguments.of(Value.None.NONE);
        if (!(toFloat(value, noFallback, budget) instanceof Num.Real(var bytes))) {
            throw TemplateFault.unexpected(value, "is not a number of bytes");
        }
        boolean isBinary = arguments.flag(0);
        double base = isBinary ? 1024 : 1000;
        if (bytes == 1) {
            return Text.of("1 Byte");
        }
        if (bytes < base) {
            return Text.of((long) bytes + " Bytes");
        }
        double scaled = bytes / base;
        int unit = 0;
        while (scaled >= base && unit < 7) {
            scaled /= base;
            unit++;
        }
        String prefix = (isBinary ? "KMGTPEZY" : "kMGTPEZY").charAt(unit) + (isBinary ? "iB" : "B");
        return Text.of(NumberText.of(scaled, 'f', 1, false) + " " + prefix);
    }
}
