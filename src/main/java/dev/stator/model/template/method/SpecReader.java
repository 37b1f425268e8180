package dev.stator.model.template.method;

import dev.stator.model.template.value.TemplateFault;

/// Reads a format specifier from left to right.
final class SpecReader {
    private static final int DIGITS_MAX = 9;

    private final String text;
    private int at;

    SpecReader(String text) {
        this.text = text;
    }

    FormatSpec spec() {
        String fill = " ";
        char align = 0;
        int first = text.isEmpty() ? 0 : Character.charCount(text.codePointAt(0));
        if (first > 0 && first < text.length() && "<>^=".indexOf(text.charAt(first)) >= 0) {
            fill = text.substring(0, first);
            align = text.charAt(first);
            at = first + 1;
        } else {
            align = one("<>^=");
        }
        char sign = one("+- ");
        boolean isAlternate = one("#") != 0;
        if (one("0") != 0 && align == 0) {
            fill = "0";
            align = '=';
        }
        long width = number();
        char grouping = one(",_");
        int precision = one(".") != 0 ? requiredNumber() : -1;
        char type = one("sdnxXobcfFeEgG%");
        return new FormatSpec(
                fill, align, sign == 0 ? '-' : sign, isAlternate, width, grouping, precision, type);
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    /// Takes one of `choices`, or answers 0.
    private char one(String choices) {
        return at < text.length() && choices.indexOf(text.charAt(at)) >= 0 ? text.charAt(at++) : 0;
    }

    private int number() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at - start > DIGITS_MAX) {
            throw TemplateFault.limit("a width or precision is too large");
        }
        return at == start ? 0 : Integer.parseInt(text.substring(start, at));
    }

    private int requiredNumber() {
        int start = at;
        int number = number();
        if (at == start) {
            throw TemplateFault.evaluation("format specifier misses its precision");
        }
        return number;
    }
}
