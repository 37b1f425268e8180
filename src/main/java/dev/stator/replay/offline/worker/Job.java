package dev.stator.replay.offline.worker;

import dev.stator.replay.trace.TraceRequest;
import dev.stator.tokens.TokenBlocks;

/// One request on its way through a simulated worker.
public final class Job {

    /// Hears what becomes of a job, in virtual time.
    public interface Follower {
        Follower NONE =
                new Follower() {
                    @Override
                    public void prefillCompleted() {}

                    @Override
                    public void tokenProduced() {}

                    @Override
                    public void ended() {}
                };

        void prefillCompleted();

        void tokenProduced();

        void ended();
    }

    private final int number;
    private final TraceRequest request;
    private final TokenBlocks blocks;
    private final long arrivalNanos;

    private Follower follower = Follower.NONE;
    private int hitBlocks;

    /// @param number of the request within its trace, from 0 on
    /// @param arrivalNanos in virtual time
    public Job(int number, TraceRequest request, TokenBlocks blocks, long arrivalNanos) {
        this.number = number;
        this.request = request;
        this.blocks = blocks;
        this.arrivalNanos = arrivalNanos;
    }

    public int number() {
        return number;
    }

    public TraceRequest request() {
        return request;
    }

    public TokenBlocks blocks() {
        return blocks;
    }

    public long arrivalNanos() {
        return arrivalNanos;
    }

    public Follower follower() {
        return follower;
    }

    public void follow(Follower newFollower) {
        follower = newFollower;
    }

    /// Leading blocks that were cached when its prefill began.
    public int hitBlocks() {
        return hitBlocks;
    }

    void hit(int blocksFound) {
        hitBlocks = blocksFound;
    }

    /// Tokens of the prompt that so many cached blocks spare; the last token is always computed.
    public int cachedTokens(int cachedBlocks) {
        long tokens = (long) cachedBlocks * blocks.blockSizeTokens();
        return (int) Math.min(tokens, request.inputTokens() - 1);
    }
}
