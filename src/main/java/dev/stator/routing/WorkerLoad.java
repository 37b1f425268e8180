package dev.stator.routing;

/// What a worker carries, as the router believes, seen by one request.
///
/// @param prefillTokens booked prompt tokens that wait for their prefill
/// @param activeBlocks blocks of the running requests, shared ones counted once
/// @param decodeBlocks `activeBlocks` and what the request would add to them
/// @param activeRequests running requests
public record WorkerLoad(
        long prefillTokens, int activeBlocks, int decodeBlocks, int activeRequests) {}
