package dev.stator.model.template.syntax;

import dev.stator.model.template.syntax.Token.Kind;
import dev.stator.model.template.value.CodePoints;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Cuts the inside of one tag into tokens.
final class TagLexer {
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-*/%~[](){}><=.:|,;";

    private final String source;
    private final String close;
    private final List<Token> tokens;
    private final Deque<Character> open = new ArrayDeque<>();
    private int at;
    private int line;

    TagLexer(String source, int start, int line, String close, List<Token> tokens) {
        this.source = source;
        this.at = start;
        this.line = line;
        this.close = close;
        this.tokens = tokens;
    }

    /// Adds the tokens and answers the index of the mark, or of its sign, that closes the tag.
    int read() {
        while (at < source.length()) {
            if (open.isEmpty() && isClosed()) {
                return at;
            }
            readToken(source.charAt(at));
        }
        throw fail("the tag is never closed");
    }

    private boolean isClosed() {
        char c = source.charAt(at);
        boolean isSigned = c == '-' || (c == '+' && close.equals("%}"));
        return source.startsWith(close, isSigned ? at + 1 : at);
    }

    private void readToken(char c) {
        if (CodePoints.isSpace(c)) {
            line += c == '\n' ? 1 : 0;
            at++;
        } else if (c == '"' || c == '\'') {
            readString(c);
        } else if (isDigit(c)) {
            readNumber();
        } else if (isNamePart(source.codePointAt(at))) {
            readName();
        } else {
            readOperator(c);
        }
    }

    private void readString(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw fail("the string is never closed");
        }
        String literal = source.substring(at + 1, end);
        tokens.add(new Token(Kind.STRING, StringLiteral.unescape(literal, line), line));
        line += (int) literal.chars().filter(c -> c == '\n').count();
        at = end + 1;
    }

    private void readNumber() {
        boolean isAfterDot = at > 0 && source.charAt(at - 1) == '.';
        int end = isAfterDot ? -1 : floatEnd();
        Kind kind = end > 0 ? Kind.FLOAT : Kind.INTEGER;
        int integerEnd = end > 0 ? end : integerEnd();
        tokens.add(new Token(kind, source.substring(at, integerEnd).replace("_", ""), line));
        at = integerEnd;
    }

    /// The end of the float at `at`, or -1 if there is none: it has a fraction or an exponent.
    private int floatEnd() {
        int end = digits(at, 10);
        boolean isFraction = is(end, '.') && isDigit(end + 1);
        if (isFraction) {
            end = digits(end + 1, 10);
        }
        if (is(end, 'e') || is(end, 'E')) {
            int exponent = is(end + 1, '+') || is(end + 1, '-') ? end + 2 : end + 1;
            if (isDigit(exponent)) {
                return digits(exponent, 10);
            }
        }
        return isFraction ? end : -1;
    }

    private int integerEnd() {
        if (!is(at, '0')) {
            return digits(at, 10);
        }
        char type = at + 1 < source.length() ? Character.toLowerCase(source.charAt(at + 1)) : 0;
        int radix = type == 'x' ? 16 : type == 'o' ? 8 : type == 'b' ? 2 : 0;
        int first = is(at + 2, '_') ? at + 3 : at + 2;
        if (radix > 0 && first < source.length() && isDigit(source.charAt(first), radix)) {
            return digits(first, radix);
        }
        int end = at + 1;
        while (is(end, '0') || (is(end, '_') && is(end + 1, '0'))) {
            end++;
        }
        return end;
    }

    /// The end of the digits at `from`, between which single underscores may stand.
    private int digits(int from, int radix) {
        int end = from;
        while (end < source.length()) {
            int next = is(end, '_') ? end + 1 : end;
            if (next >= source.length() || !isDigit(source.charAt(next), radix)) {
                break;
            }
            end = next + 1;
        }
        return end;
    }

    private void readName() {
        int end = at;
        while (end < source.length() && isNamePart(source.codePointAt(end))) {
            end += Character.charCount(source.codePointAt(end));
        }
        tokens.add(new Token(Kind.NAME, source.substring(at, end), line));
        at = end;
    }

    private void readOperator(char c) {
        String two = at + 2 <= source.length() ? source.substring(at, at + 2) : "";
        boolean isLong = LONG_OPERATORS.contains(two);
        if (!isLong && OPERATORS.indexOf(c) < 0) {
            throw fail("unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
        }
        switch (c) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != c) {
                    throw fail("unexpected '" + c + "'");
                }
            }
            default -> {}
        }
        String operator = isLong ? two : String.valueOf(c);
        tokens.add(new Token(Kind.OPERATOR, operator, line));
        at += operator.length();
    }

    private boolean is(int index, char c) {
        return index < source.length() && source.charAt(index) == c;
    }

    private boolean isDigit(int index) {
        return index < source.length() && isDigit(source.charAt(index));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isDigit(char c, int radix) {
        return c < 128 && Character.digit(c, radix) >= 0;
    }

    private static boolean isNamePart(int c) {
        return c == '_'
                || (Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
    }

    private SyntaxException fail(String problem) {
        return new SyntaxException(line, problem);
    }
}
