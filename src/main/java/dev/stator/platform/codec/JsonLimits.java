package dev.stator.platform.codec;

/// What a document may cost before it is refused.
///
/// @param depthMax nesting of objects and arrays
/// @param documentCharsMax length of the document
/// @param stringCharsMax length of one string, member names included
/// @param numberCharsMax length of one number literal
public record JsonLimits(
        int depthMax, long documentCharsMax, int stringCharsMax, int numberCharsMax) {

    /// For documents sent by clients.
    public static final JsonLimits REQUEST = new JsonLimits(64, 64L << 20, 64 << 20, 64);

    /// For files of a model folder and configuration on this machine.
    public static final JsonLimits FILE = new JsonLimits(128, 512L << 20, 64 << 20, 256);

    /// For what people write by hand.
    public static final JsonLimits CONFIGURATION = new JsonLimits(32, 1L << 20, 64 << 10, 64);

    public JsonLimits {
        if (depthMax < 1 || documentCharsMax < 1 || stringCharsMax < 1 || numberCharsMax < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive: depth %d, document %d, string %d, number %d"
                            .formatted(depthMax, documentCharsMax, stringCharsMax, numberCharsMax));
        }
    }
}
