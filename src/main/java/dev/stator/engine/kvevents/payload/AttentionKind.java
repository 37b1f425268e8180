package dev.stator.engine.kvevents.payload;

/// How the layers of a group look back. Only where every block of a prefix stays needed does
/// holding them mean that the prefix can be reused.
public enum AttentionKind {
    FULL("full_attention", true),
    MLA("mla_attention", true),
    SINK_FULL("sink_full_attention", true),
    SLIDING_WINDOW("sliding_window", false),
    SLIDING_WINDOW_MLA("sliding_window_mla", false),
    MAMBA("mamba", false),
    CHUNKED_LOCAL("chunked_local_attention", false),
    ENCODER_ONLY("encoder_only_attention", false),
    CROSS("cross_attention", false),
    UNKNOWN("", false);

    private final String wireName;
    private final boolean keepsPrefixes;

    AttentionKind(String wireName, boolean keepsPrefixes) {
        this.wireName = wireName;
        this.keepsPrefixes = keepsPrefixes;
    }

    /// Whether a prefix can be reused as long as its blocks are held.
    public boolean keepsPrefixes() {
        return keepsPrefixes;
    }

    static AttentionKind of(String wireName) {
        for (AttentionKind kind : values()) {
            if (kind.wireName.equals(wireName)) {
                return kind;
            }
        }
        return UNKNOWN;
    }
}
