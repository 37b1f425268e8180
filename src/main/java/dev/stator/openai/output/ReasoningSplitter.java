package dev.stator.openai.output;

/// Tells a model's thoughts, `<think>…</think>` at the very start of its output, from its answer.
/// Owned by one thread.
///
/// White space around the tags belongs to neither. A `<think>` further on is part of the answer.
/// Works character by character, so the pieces in which the text arrives do not matter.
final class ReasoningSplitter {
    /// Longer runs of white space are passed on rather than held back.
    static final int SPACE_CHARS_MAX = 256;

    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder space = new StringBuilder();
    private State state;
    private int tagChars;

    private enum State {
        /// Nothing but white space and perhaps a part of `<think>` so far.
        START,
        /// After `<think>`, before the first thought.
        OPENED,
        REASONING,
        /// After `</think>`, before the answer.
        CLOSED,
        CONTENT
    }

    /// @param opened whether the prompt ended with `<think>`
    ReasoningSplitter(boolean opened) {
        state = opened ? State.OPENED : State.START;
    }

    /// Takes more text; `takeReasoning` and `takeContent` have what became certain.
    void append(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            if (state == State.CONTENT) {
                content.append(piece, i, piece.length());
                return;
            }
            step(piece.charAt(i));
        }
    }

    /// Takes the end of the text.
    void finish() {
        if (state == State.START) {
            content.append(space).append(OPEN, 0, tagChars);
        } else if (state == State.REASONING && tagChars > 0) {
            reasoning.append(space).append(CLOSE, 0, tagChars);
        } else if (state == State.OPENED) {
            reasoning.append(CLOSE, 0, tagChars);
        }
        space.setLength(0);
        tagChars = 0;
    }

    boolean isReasoning() {
        return state == State.OPENED || state == State.REASONING;
    }

    String takeReasoning() {
        return take(reasoning);
    }

    String takeContent() {
        return take(content);
    }

    private void step(char c) {
        switch (state) {
            case START -> stepStart(c);
            case OPENED, REASONING -> stepReasoning(c);
            case CLOSED -> {
                if (!Character.isWhitespace(c)) {
                    state = State.CONTENT;
                    content.append(c);
                }
            }
            case CONTENT -> content.append(c);
        }
    }

    private void stepStart(char c) {
        if (c == OPEN.charAt(tagChars)) {
            tagChars++;
            if (tagChars == OPEN.length()) {
                tagChars = 0;
                space.setLength(0);
                state = State.OPENED;
            }
        } else if (tagChars == 0 && Character.isWhitespace(c) && space.length() < SPACE_CHARS_MAX) {
            space.append(c);
        } else {
            content.append(space).append(OPEN, 0, tagChars).append(c);
            space.setLength(0);
            tagChars = 0;
            state = State.CONTENT;
        }
    }

    private void stepReasoning(char c) {
        if (c != CLOSE.charAt(tagChars) && tagChars > 0) {
            reasoning.append(space).append(CLOSE, 0, tagChars);
            space.setLength(0);
            tagChars = 0;
            state = State.REASONING;
        }
        if (c == CLOSE.charAt(tagChars)) {
            tagChars++;
            if (tagChars == CLOSE.length()) {
                tagChars = 0;
                space.setLength(0);
                state = State.CLOSED;
            }
        } else if (!Character.isWhitespace(c)) {
            reasoning.append(space).append(c);
            space.setLength(0);
            state = State.REASONING;
        } else if (state == State.REASONING) {
            holdSpace(c);
        }
    }

    private void holdSpace(char c) {
        space.append(c);
        if (space.length() > SPACE_CHARS_MAX) {
            reasoning.append(space);
            space.setLength(0);
        }
    }

    private static String take(StringBuilder text) {
        if (text.isEmpty()) {
            return "";
        }
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }
}
