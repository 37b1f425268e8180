package dev.stator.model.template.syntax;

import dev.stator.model.template.syntax.Token.Kind;
import dev.stator.model.template.value.CodePoints;

import java.util.ArrayList;
import java.util.List;

/// Cuts the source into tokens and applies the rules for white space around tags: a line break
/// after a tag goes (`trim_blocks`), blanks before a tag that begins its line go (`lstrip_blocks`),
/// `-` removes all white space on its side and `+` keeps it.
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int countedTo;
    private boolean isLineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    /// The tokens of `source`, closed by one of kind `END`.
    static List<Token> tokens(String source) {
        String lines = source.replace("\r\n", "\n").replace('\r', '\n');
        boolean isEndingLine = lines.endsWith("\n");
        var lexer = new Lexer(isEndingLine ? lines.substring(0, lines.length() - 1) : lines);
        lexer.readAll();
        return lexer.tokens;
    }

    private void readAll() {
        while (at < source.length()) {
            int tag = nextTag(at);
            if (tag < 0) {
                add(Kind.DATA, source.substring(at));
                at = source.length();
            } else {
                readTag(tag);
            }
        }
        add(Kind.END, "");
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private void readTag(int tag) {
        char type = source.charAt(tag + 1);
        int rawEnd = type == '%' ? afterTag(tag, "raw") : -1;
        char sign = sign(tag + 2);
        addData(at, tag, sign, type != '{');
        count(tag);
        if (rawEnd >= 0) {
            readRaw(tag, rawEnd);
            return;
        }
        at = tag + (sign == 0 ? 2 : 3);
        switch (type) {
            case '#' -> skipComment();
            case '{' -> readInside(Kind.OUTPUT_BEGIN, Kind.OUTPUT_END);
            default -> readInside(Kind.TAG_BEGIN, Kind.TAG_END);
        }
    }

    private char sign(int index) {
        char c = index < source.length() ? source.charAt(index) : 0;
        return c == '-' || c == '+' ? c : 0;
    }

    /// Adds the text before a tag.
    private void addData(int from, int tag, char sign, boolean isStrippable) {
        String text = source.substring(from, tag);
        if (sign == '-') {
            text = CodePoints.strip(text, false, true);
        } else if (sign == 0 && isStrippable) {
            int lineStart = text.lastIndexOf('\n') + 1;
            boolean isFirstOnLine = lineStart > 0 || isLineStart;
            boolean isBlank = text.substring(lineStart).chars().allMatch(CodePoints::isSpace);
            text = isFirstOnLine && isBlank ? text.substring(0, lineStart) : text;
        }
        if (!text.isEmpty()) {
            add(Kind.DATA, text);
        }
    }

    /// The index after `{% name %}` at `tag`, or -1 if something else stands there. The line break
    /// behind it is not part of it.
    private int afterTag(int tag, String name) {
        int i = skipSpace(sign(tag + 2) == 0 ? tag + 2 : tag + 3);
        if (!source.startsWith(name, i)) {
            return -1;
        }
        i = skipSpace(i + name.length());
        boolean isSigned = sign(i) != 0;
        return source.startsWith("%}", isSigned ? i + 1 : i) ? i : -1;
    }

    private void readRaw(int tag, int close) {
        if (source.charAt(close) == '+') {
            throw new SyntaxException(line, "'+' cannot close a raw tag");
        }
        boolean isStripping = source.charAt(close) == '-';
        int start = isStripping ? skipSpace(close + 3) : close + 2;
        isLineStart = start > tag && source.charAt(start - 1) == '\n';
        for (int i = source.indexOf("{%", start); i >= 0; i = source.indexOf("{%", i + 1)) {
            int end = afterTag(i, "endraw");
            if (end >= 0) {
                addData(start, i, sign(i + 2), true);
                at = end;
                count(end);
                closeTag(true);
                return;
            }
        }
        throw new SyntaxException(line, "the raw block is never closed");
    }

    private void skipComment() {
        int close = source.indexOf("#}", at);
        if (close < 0) {
            throw new SyntaxException(line, "the comment is never closed");
        }
        at = close > at && sign(close - 1) != 0 ? close - 1 : close;
        closeTag(true);
    }

    /// Takes a closing mark at `at` with its sign, and the white space it removes.
    private void closeTag(boolean isTrimming) {
        char sign = sign(at);
        at += sign == 0 ? 2 : 3;
        if (sign == '-') {
            at = skipSpace(at);
        } else if (sign == 0 && isTrimming && source.startsWith("\n", at)) {
            at++;
        }
        isLineStart = source.charAt(at - 1) == '\n';
        count(at);
    }

    private void readInside(Kind begin, Kind end) {
        add(begin, "");
        boolean isOutput = end == Kind.OUTPUT_END;
        var inside = new TagLexer(source, at, line, isOutput ? "}}" : "%}", tokens);
        at = inside.read();
        count(at);
        add(end, "");
        closeTag(!isOutput);
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < source.length() && CodePoints.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    /// Counts the lines up to `index`.
    private void count(int index) {
        for (; countedTo < index; countedTo++) {
            line += source.charAt(countedTo) == '\n' ? 1 : 0;
        }
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }
}
