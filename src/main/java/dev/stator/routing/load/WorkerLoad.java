package dev.stator.routing.load;

/// What a worker carries, as the router believes, seen by one request.
///
/// @param prefillTokens booked prompt tokens that wait for their prefill
/// @param activeBlocks blocks of the running requests, shared ones counted once
/// @param decodeBlocks `activeBlocks` and what the request would add to them
/// @param bookedBlocks leading blocks of the request's prompt that running requests share
/// @param activeRequests running requests
/// @param pace what is learned of its speed, and when it will be through with what it has
public record WorkerLoad(
        long prefillTokens,
        int activeBlocks,
        int decodeBlocks,
        int bookedBlocks,
        int activeRequests,
        Pace pace) {

    /// A load of which only counts are known.
    public WorkerLoad(long prefillTokens, int activeBlocks, int decodeBlocks, int activeRequests) {
        this(prefillTokens, activeBlocks, decodeBlocks, 0, activeRequests, Pace.IDLE);
    }

    /// The same worker with no prefill to do, now and of late, seen by the same request.
    public WorkerLoad idle() {
        var idle = new Pace(0, pace.slowness, pace.wearTokens, 0, pace.decodingRequests);
        return new WorkerLoad(0, 0, decodeBlocks - activeBlocks, 0, 0, idle);
    }

    /// How fast a worker gets on.
    ///
    /// @param waitSeconds until the prefills that are booked will be done
    /// @param slowness the time its prefills take over what such prefills take elsewhere
    /// @param wearTokens prompt tokens computed there in the last hours, which displaced as many;
    ///     older ones count less
    /// @param busy part of the last minute that its prefills take, above 1 when overloaded
    /// @param decodingRequests those running requests whose prefill is done
    public record Pace(
            double waitSeconds,
            double slowness,
            double wearTokens,
            double busy,
            int decodingRequests) {
        public static final Pace IDLE = new Pace(0, 1, 0, 0, 0);
    }
}
