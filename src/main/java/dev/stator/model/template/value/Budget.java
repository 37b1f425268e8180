package dev.stator.model.template.value;

/// What one rendering may still spend. Owned by the thread that renders.
///
/// A step is a statement, a loop turn, an element touched by a filter or 64 characters copied, so
/// that the steps bound the time; the length of every text that is built is bounded too, and so is
/// the number of tree nodes that are being evaluated inside one another.
public final class Budget {
    private static final int CHARS_PER_STEP_LOG2 = 6;
    private static final int PART_CHARS = 64;

    private final int charsMax;
    private final int heightMax;
    private long stepsLeft;
    private int height;

    public Budget(long stepsMax, int charsMax, int heightMax) {
        this.stepsLeft = stepsMax;
        this.charsMax = charsMax;
        this.heightMax = heightMax;
    }

    public void step() {
        if (--stepsLeft < 0) {
            throw TemplateFault.limit("the rendering takes more steps than allowed");
        }
    }

    /// Charges `count` steps.
    public void steps(long count) {
        stepsLeft -= count;
        if (stepsLeft < 0) {
            throw TemplateFault.limit("the rendering takes more steps than allowed");
        }
    }

    /// Charges the reading of `count` characters.
    public void read(long count) {
        steps(count >> CHARS_PER_STEP_LOG2);
    }

    /// Charges the search of `part` in `text`, which is slow for long parts.
    public void search(String text, String part) {
        read(text.length());
        if (part.length() > PART_CHARS) {
            steps(((long) text.length() * part.length()) >> (2 + CHARS_PER_STEP_LOG2));
        }
    }

    /// Charges a text of `count` characters before it is built.
    public void build(long count) {
        fit(count);
        read(count);
    }

    /// Checks that a text may have `count` characters, for texts charged when they are complete.
    public void fit(long count) {
        if (count > charsMax) {
            throw TemplateFault.limit(
                    "a text of " + count + " characters is longer than " + charsMax);
        }
    }

    /// Charges a list of `count` elements before it is built.
    public void elements(long count) {
        if (count > charsMax) {
            throw TemplateFault.limit(
                    "a list of " + count + " elements is longer than " + charsMax);
        }
        steps(count);
    }

    /// Goes `nodes` levels deeper; `leave` comes back.
    public void enter(int nodes) {
        if (height + nodes > heightMax) {
            throw TemplateFault.limit("calls are nested too deeply");
        }
        height += nodes;
    }

    public void leave(int nodes) {
        height -= nodes;
    }
}
