package dev.stator.kv.index;

import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// A fleet that serves prompts of 128 blocks, as a load for prefix indexes.
///
/// 64 applications, used unevenly, each with a system prompt of 16 blocks; documents of 48 blocks
/// below them, each asked about by 4 prompts on average; 64 blocks of its own per prompt. Of the
/// prompts 70 % are held by one worker, 20 % by 2 to 4 and 10 % by 5 to 12. Events carry 32 blocks.
public final class PrefixFleet {
    public static final int PROMPT_BLOCKS = 128;
    private static final int APPLICATIONS = 64;
    private static final int SYSTEM_BLOCKS = 16;
    private static final int DOCUMENT_BLOCKS = 48;
    private static final int PROMPTS_PER_DOCUMENT = 4;
    private static final int EVENT_BLOCKS = 32;

    private final SplittableRandom random;
    private final int workers;
    private final long nameSeed;
    private final List<long[]> documents = new ArrayList<>();

    /// @param ownNames whether each worker has names of its own, as engines that are not ours
    public PrefixFleet(long seed, int workers, boolean ownNames) {
        this.random = new SplittableRandom(seed);
        this.workers = workers;
        this.nameSeed = ownNames ? random.nextLong() | 1 : 0;
    }

    public TokenBlocks prompt() {
        long[] hashes = new long[PROMPT_BLOCKS];
        if (documents.isEmpty() || random.nextInt(PROMPTS_PER_DOCUMENT) == 0) {
            int application = (int) (APPLICATIONS * Math.pow(random.nextDouble(), 3));
            for (int i = 0; i < SYSTEM_BLOCKS; i++) {
                hashes[i] = application * 1_000L + i;
            }
            for (int i = 0; i < DOCUMENT_BLOCKS; i++) {
                hashes[SYSTEM_BLOCKS + i] = random.nextLong();
            }
            documents.add(hashes);
        } else {
            hashes = documents.get(random.nextInt(documents.size())).clone();
        }
        for (int i = SYSTEM_BLOCKS + DOCUMENT_BLOCKS; i < PROMPT_BLOCKS; i++) {
            hashes[i] = random.nextLong();
        }
        return TokenBlocks.of(16, hashes);
    }

    /// Who holds a prompt.
    public List<WorkerId> holders() {
        int dice = random.nextInt(10);
        int count = dice < 7 ? 1 : dice < 9 ? 2 + random.nextInt(3) : 5 + random.nextInt(8);
        return random.ints(count, 0, workers).distinct().mapToObj(WorkerId::new).toList();
    }

    /// The events by which a worker stores the prompt.
    public List<Stored> stored(WorkerId worker, TokenBlocks prompt) {
        var events = new ArrayList<Stored>();
        for (int from = 0; from < prompt.count(); from += EVENT_BLOCKS) {
            var blocks = new ArrayList<StoredBlock>(EVENT_BLOCKS);
            for (int i = from; i < Math.min(from + EVENT_BLOCKS, prompt.count()); i++) {
                var blockHash = new BlockHash(prompt.blockHash(i));
                blocks.add(new StoredBlock(name(worker, prompt, i), blockHash));
            }
            Optional<SequenceHash> parent =
                    from == 0 ? Optional.empty() : Optional.of(name(worker, prompt, from - 1));
            events.add(new Stored(parent, blocks));
        }
        return events;
    }

    /// The events by which it drops the blocks of the prompt alone, last block first.
    public List<Removed> removed(WorkerId worker, TokenBlocks prompt) {
        var events = new ArrayList<Removed>();
        int own = SYSTEM_BLOCKS + DOCUMENT_BLOCKS;
        for (int to = prompt.count(); to > own; to -= EVENT_BLOCKS) {
            var names = new ArrayList<SequenceHash>(EVENT_BLOCKS);
            for (int i = to - 1; i >= Math.max(own, to - EVENT_BLOCKS); i--) {
                names.add(name(worker, prompt, i));
            }
            events.add(new Removed(names));
        }
        return events;
    }

    /// Lets the index have so many blocks, counted by holder; returns some of the prompts.
    public List<TokenBlocks> fill(PrefixIndex index, long heldBlocks) {
        var sample = new ArrayList<TokenBlocks>();
        long held = 0;
        while (held < heldBlocks) {
            TokenBlocks prompt = prompt();
            for (WorkerId worker : holders()) {
                for (Stored event : stored(worker, prompt)) {
                    held += changed(index.apply(worker, event));
                }
            }
            if (sample.size() < 10_000 || random.nextInt(10) == 0) {
                sample.add(prompt);
            }
        }
        return sample;
    }

    private static int changed(ApplyResult result) {
        return result instanceof ApplyResult.Applied(var changed, _) ? changed : 0;
    }

    private SequenceHash name(WorkerId worker, TokenBlocks prompt, int block) {
        long hash = prompt.sequenceHash(block);
        return new SequenceHash(
                nameSeed == 0 ? hash : (hash ^ worker.value() * nameSeed) * 0x9E3779B97F4A7C15L);
    }
}
