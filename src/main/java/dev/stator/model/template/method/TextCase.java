package dev.stator.model.template.method;

import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.CodePoints;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.text.Normalizer;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The methods of strings about letter case and kinds of characters.
public final class TextCase {
    static final Operations METHODS =
            new Operations()
                    .define("upper", "", convert(TextCase::upper))
                    .define("lower", "", convert(TextCase::lower))
                    .define("casefold", "", convert(text -> lower(upper(text))))
                    .define("capitalize", "", convert(TextCase::capitalize))
                    .define("title", "", convert(TextCase::title))
                    .define("swapcase", "", convert(TextCase::swapCase))
                    .define("isupper", "", check(TextCase::isUpper))
                    .define("islower", "", check(TextCase::isLower))
                    .define("istitle", "", check(TextCase::isTitle))
                    .define("isalpha", "", all(Character::isLetter))
                    .define("isdecimal", "", all(Character::isDigit))
                    .define("isdigit", "", all(TextCase::isDigit))
                    .define("isnumeric", "", all(TextCase::isNumeric))
                    .define("isalnum", "", all(c -> Character.isLetter(c) || isNumeric(c)))
                    .define("isspace", "", all(CodePoints::isSpace))
                    .define("isascii", "", check(text -> text.chars().allMatch(c -> c < 128)))
                    .define(
                            "isprintable",
                            "",
                            check(text -> text.codePoints().allMatch(CodePoints::isPrintable)))
                    .define("isidentifier", "", check(TextCase::isIdentifier));

    private TextCase() {}

    public static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    public static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// The first character in title case, the others in lower case.
    public static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        return Character.toString(Character.toTitleCase(first))
                + lower(text.substring(Character.charCount(first)));
    }

    public static boolean isLower(String text) {
        return text.codePoints().anyMatch(Character::isLowerCase)
                && text.codePoints()
                        .noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    public static boolean isUpper(String text) {
        return text.codePoints().anyMatch(Character::isUpperCase)
                && text.codePoints()
                        .noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    private static Operation.Body convert(UnaryOperator<String> conversion) {
        return (subject, _, budget) -> {
            String converted = conversion.apply(subject.text());
            budget.build(converted.length());
            return Text.of(converted);
        };
    }

    private static Operation.Body check(Predicate<String> check) {
        return (subject, _, budget) -> truth(subject, check, budget);
    }

    private static Operation.Body all(IntPredicate accepts) {
        return check(text -> !text.isEmpty() && text.codePoints().allMatch(accepts));
    }

    private static Value truth(Value subject, Predicate<String> check, Budget budget) {
        budget.read(subject.size());
        return Num.Truth.of(check.test(subject.text()));
    }

    private static String title(String text) {
        var out = new StringBuilder(text.length());
        boolean isInWord = false;
        for (int c : text.codePoints().toArray()) {
            out.appendCodePoint(isInWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            isInWord = isCased(c);
        }
        return out.toString();
    }

    private static String swapCase(String text) {
        var out = new StringBuilder(text.length());
        for (int c : text.codePoints().toArray()) {
            String one = Character.toString(c);
            out.append(
                    Character.isUpperCase(c)
                            ? lower(one)
                            : Character.isLowerCase(c) ? upper(one) : one);
        }
        return out.toString();
    }

    private static boolean isTitle(String text) {
        boolean isInWord = false;
        boolean isAnyCased = false;
        for (int c : text.codePoints().toArray()) {
            boolean isCapital = Character.isUpperCase(c) || Character.isTitleCase(c);
            if ((isCapital && isInWord) || (Character.isLowerCase(c) && !isInWord)) {
                return false;
            }
            isInWord = isCased(c);
            isAnyCased |= isInWord;
        }
        return isAnyCased;
    }

    private static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    /// Digits and what is a digit in another shape, such as superscripts.
    private static boolean isDigit(int c) {
        String plain = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC);
        return Character.isDigit(c) || (plain.length() == 1 && Character.isDigit(plain.charAt(0)));
    }

    private static boolean isNumeric(int c) {
        return switch (Character.getType(c)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
                    true;
            default -> false;
        };
    }

    private static boolean isIdentifier(String text) {
        if (text.isEmpty()) {
            return false;
        }
        int first = text.codePointAt(0);
        return (first == '_' || Character.isUnicodeIdentifierStart(first))
                && text.codePoints()
                        .allMatch(
                                c ->
                                        Character.isUnicodeIdentifierPart(c)
                                                && !Character.isIdentifierIgnorable(c));
    }
}
