package dev.stator.replay.offline.policy;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.kv.index.PrefixMatcher;
import dev.stator.kv.index.learned.ApproximatePrefixIndex;
import dev.stator.kv.index.learned.Retention;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.replay.offline.worker.Job;
import dev.stator.tokens.TokenBlocks;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Scores workers as llm-d's endpoint picker does, from scraped gauges and a prefix index; equals
/// are drawn.
///
/// With events, the longest prefix found counts 1 and the shortest 0. Without, it is the known
/// part of the prompt's beginning: 256 blocks of 64 characters, 31,250 of them remembered per
/// worker, the defaults of its prefix plugin at four characters per token.
final class LlmdPolicy implements Policy {
    private static final int BEGINNING_TOKENS = 256 * 16;
    private static final int REMEMBERED_TOKENS = 31_250 * 16;

    private final LlmdScheduler scheduler;
    private final PrefixMatcher index;
    private final Gauges gauges;
    private final RandomGenerator random;
    private final double[] prefix; // of the present prompt, by worker
    private final double[] scores;

    LlmdPolicy(LlmdScheduler scheduler, Stage stage) {
        this.scheduler = scheduler;
        this.index =
                switch (scheduler) {
                    case LLMD_PRECISE -> stage.index();
                    case LLMD_APPROXIMATE ->
                            new ApproximatePrefixIndex(
                                    new PackedPrefixIndex(),
                                    remembering(stage.blockSizeTokens()),
                                    stage.agenda()::nowNanos);
                    case LLMD_LOAD -> new PackedPrefixIndex();
                };
        this.gauges = new Gauges(stage.fleet().workers(), stage.agenda());
        this.random = new SplittableRandom(stage.seed());
        this.prefix = new double[stage.fleet().size()];
        this.scores = new double[prefix.length];
    }

    private static Retention remembering(int blockSizeTokens) {
        int blocks = Math.max(1, REMEMBERED_TOKENS / blockSizeTokens);
        return new Retention.Capacity(_ -> blocks);
    }

    @Override
    public Placement place(Job job) {
        TokenBlocks prompt = known(job.blocks());
        match(prompt);
        int worker = highest();
        index.routed(new WorkerId(worker), prompt);
        gauges.watch(job);
        return new Placement.On(worker);
    }

    /// As much of the prompt as it looks at.
    private TokenBlocks known(TokenBlocks blocks) {
        int beginning = Math.max(1, BEGINNING_TOKENS / blocks.blockSizeTokens());
        return scheduler == LlmdScheduler.LLMD_APPROXIMATE && blocks.count() > beginning
                ? blocks.prefix(beginning)
                : blocks;
    }

    private void match(TokenBlocks prompt) {
        Overlaps overlaps = index.match(prompt);
        for (int i = 0; i < prefix.length; i++) {
            prefix[i] = overlaps.blocks(new WorkerId(i));
        }
        if (scheduler == LlmdScheduler.LLMD_PRECISE) {
            spreadOut();
        } else {
            int count = Math.max(1, prompt.count());
            Arrays.setAll(prefix, i -> prefix[i] / count);
        }
    }

    /// From the shortest prefix that a holder has to the longest one; who holds nothing has 0.
    private void spreadOut() {
        double most = Arrays.stream(prefix).max().orElseThrow();
        double least = Arrays.stream(prefix).filter(it -> it > 0).min().orElse(0);
        for (int i = 0; i < prefix.length; i++) {
            double part = most == least ? 1 : (prefix[i] - least) / (most - least);
            prefix[i] = prefix[i] == 0 ? 0 : part;
        }
    }

    private int highest() {
        int shortest = Integer.MAX_VALUE;
        int longest = 0;
        for (int i = 0; i < scores.length; i++) {
            shortest = Math.min(shortest, gauges.waiting(i));
            longest = Math.max(longest, gauges.waiting(i));
        }
        int best = 0;
        int equals = 0;
        for (int i = 0; i < scores.length; i++) {
            double queue =
                    longest == shortest
                            ? 1
                            : (double) (longest - gauges.waiting(i)) / (longest - shortest);
            scores[i] = scheduler.score(prefix[i], queue, 1 - gauges.used(i));
            if (scores[i] > scores[best] || i == 0) {
                best = i;
                equals = 1;
            } else if (scores[i] == scores[best] && random.nextInt(++equals) == 0) {
                best = i;
            }
        }
        return best;
    }
}
