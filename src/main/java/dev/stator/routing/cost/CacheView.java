package dev.stator.routing.cost;

/// What a worker's cache means to a request.
///
/// @param deviceBlocks leading blocks of the prompt in device memory
/// @param hostBlocks blocks that follow them in host memory
/// @param diskBlocks blocks that follow those on disk
/// @param turnover tokens computed there lately over the tokens it can hold: how fast it forgets
/// @param totalBlocks of its device memory; 0 when it does not say
public record CacheView(
        int deviceBlocks, int hostBlocks, int diskBlocks, double turnover, int totalBlocks) {

    /// All in device memory.
    public static CacheView of(int deviceBlocks) {
        return new CacheView(deviceBlocks, 0, 0, 0, 0);
    }
}
