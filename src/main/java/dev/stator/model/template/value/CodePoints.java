package dev.stator.model.template.value;

/// Python's view of a string: a sequence of code points, with Python's idea of white space.
public final class CodePoints {
    private CodePoints() {}

    /// The number of code points.
    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /// The char index of code point `position`, which lies in `[0, length]`.
    public static int index(String text, int position) {
        return text.offsetByCodePoints(0, position);
    }

    /// Whether every code point is one char, so that positions are indexes.
    public static boolean isFlat(String text) {
        return length(text) == text.length();
    }

    /// What `str.isspace` and the pattern `\s` accept.
    public static boolean isSpace(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 28 && c <= 32)
                || c == 0x85
                || c == 0xA0
                || (c > 0xFF && Character.isSpaceChar(c) && c != 0x200B);
    }

    /// Whether `splitlines` breaks after it.
    public static boolean isLineBreak(int c) {
        return (c >= 10 && c <= 13)
                || (c >= 28 && c <= 30)
                || c == 0x85
                || c == 0x2028
                || c == 0x2029;
    }

    /// Whether `repr` shows it as it is.
    public static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /// `text` without leading white space (`left`) and trailing white space (`right`).
    public static String strip(String text, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (right && end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /// `text` without leading and trailing code points that occur in `chars`.
    public static String strip(String text, String chars, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && chars.indexOf(text.codePointAt(start)) >= 0) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && chars.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    /// Orders by code points, which `String.compareTo` does not beyond the basic plane.
    public static int compare(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int i = 0; i < shared; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
