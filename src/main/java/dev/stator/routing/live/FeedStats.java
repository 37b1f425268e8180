package dev.stator.routing.live;

/// What a feed has done so far.
///
/// @param workers caches that are followed
/// @param applied events applied in order
/// @param ignored events that were old, of another life of a cache, or came while a question was
///     out
/// @param rejected events whose parent was unknown
/// @param gaps times that events were missing
/// @param replays answers with the missing events, or that there were none
/// @param dumps answers with everything a cache holds
/// @param failedQueries questions without an answer
public record FeedStats(
        int workers,
        long applied,
        long ignored,
        long rejected,
        long gaps,
        long replays,
        long dumps,
        long failedQueries) {

    /// Of a feed that follows nobody.
    public static final FeedStats NOTHING = new FeedStats(0, 0, 0, 0, 0, 0, 0, 0);
}
