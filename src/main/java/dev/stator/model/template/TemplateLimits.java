package dev.stator.model.template;

/// What a template may cost before it is refused.
///
/// @param sourceCharsMax length of the source
/// @param stepsMax statements, loop turns, operations and list elements of one rendering; 64
///     characters read or written count as one more
/// @param outputCharsMax length of the output and of every string and list on the way
/// @param heightMax tree nodes evaluated inside one another, which bounds the stack and with it how
///     deep macros call each other
public record TemplateLimits(int sourceCharsMax, long stepsMax, int outputCharsMax, int heightMax) {

    /// Seven times what a conversation of a million tokens in ten thousand messages takes.
    public static final TemplateLimits DEFAULT =
            new TemplateLimits(1 << 20, 5_000_000, 32 << 20, 2_000);

    public TemplateLimits {
        if (sourceCharsMax < 1 || stepsMax < 1 || outputCharsMax < 1 || heightMax < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive: source %d, steps %d, output %d, height %d"
                            .formatted(sourceCharsMax, stepsMax, outputCharsMax, heightMax));
        }
    }
}
