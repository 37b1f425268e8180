package dev.stator.model.template.syntax;

/// The escapes of string literals: Python's, with `\N{name}`.
final class StringLiteral {
    private final String literal;
    private final int line;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private StringLiteral(String literal, int line) {
        this.literal = literal;
        this.line = line;
    }

    /// The string between the quotes of a literal on `line`.
    static String unescape(String literal, int line) {
        return literal.indexOf('\\') < 0 ? literal : new StringLiteral(literal, line).unescape();
    }

    private String unescape() {
        while (at < literal.length()) {
            char c = literal.charAt(at++);
            if (c == '\\') {
                escape(literal.charAt(at++));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private void escape(char c) {
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append(c);
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000B');
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 'U' -> hexadecimal(8);
            case 'N' -> named();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            default -> out.append('\\').append(c);
        }
    }

    private void hexadecimal(int digits) {
        int end = at + digits;
        if (end > literal.length()) {
            throw new SyntaxException(line, "truncated escape in a string");
        }
        long code = 0;
        for (; at < end; at++) {
            int digit = Character.digit(literal.charAt(at), 16);
            if (digit < 0) {
                throw new SyntaxException(line, "malformed escape in a string");
            }
            code = code << 4 | digit;
        }
        if (code > Character.MAX_CODE_POINT) {
            throw new SyntaxException(line, "an escape names no character");
        }
        out.appendCodePoint((int) code);
    }

    private void octal() {
        int code = 0;
        at--;
        for (int end = at + 3; at < end && at < literal.length(); at++) {
            int digit = Character.digit(literal.charAt(at), 8);
            if (digit < 0) {
                break;
            }
            code = code << 3 | digit;
        }
        out.append((char) code);
    }

    private void named() {
        int end = literal.indexOf('}', at);
        if (end < 0 || literal.charAt(at) != '{') {
            throw new SyntaxException(line, "malformed escape in a string");
        }
        try {
            out.appendCodePoint(Character.codePointOf(literal.substring(at + 1, end)));
        } catch (IllegalArgumentException _) {
            throw new SyntaxException(line, "no character has the name in a string's escape");
        }
        at = end + 1;
    }
}
