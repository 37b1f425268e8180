package dev.stator.kv.index.packed;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lookups while another thread changes the index, by jcstress: what is held all the time is always
/// found, what is held at no time is never claimed. Run by `make stress`.
///
/// Two prompts share their first two of four blocks.
public class LookupStress {
    private static final WorkerId FIRST = new WorkerId(1);
    private static final WorkerId SECOND = new WorkerId(2);
    private static final TokenBlocks PROMPT = TokenBlocks.of(16, 11, 12, 13, 14);
    private static final TokenBlocks OTHER = TokenBlocks.of(16, 11, 12, 23, 24);

    private LookupStress() {}

    /// A chain is cut in two because another prompt branches off.
    @JCStressTest
    @Outcome(id = "4, [0-2]", expect = ACCEPTABLE, desc = "whole, and the new holder's part")
    @Outcome(expect = FORBIDDEN, desc = "a block lost, or claimed for the other branch")
    @State
    public static class Split {
        private final PackedPrefixIndex index = holding(PROMPT);

        @Actor
        public void store() {
            LookupStress.store(index, SECOND, OTHER, 0);
        }

        @Actor
        public void look(II_Result found) {
            Overlaps overlaps = index.match(PROMPT);
            found.r1 = overlaps.blocks(FIRST);
            found.r2 = overlaps.blocks(SECOND);
        }
    }

    /// A branch goes, and the chains that are left are joined.
    @JCStressTest
    @Outcome(id = "4, [0-2], 2, [0-4]", expect = ACCEPTABLE, desc = "whole, and what is left")
    @Outcome(expect = FORBIDDEN, desc = "a block lost, or claimed for the other branch")
    @State
    public static class Join {
        private final PackedPrefixIndex index = holding(PROMPT);

        public Join() {
            LookupStress.store(index, SECOND, OTHER, 0);
        }

        @Actor
        public void remove() {
            LookupStress.remove(index, SECOND, OTHER);
        }

        @Actor
        public void look(IIII_Result found) {
            Overlaps overlaps = index.match(PROMPT);
            found.r1 = overlaps.blocks(FIRST);
            found.r2 = overlaps.blocks(SECOND);
            Overlaps others = index.match(OTHER);
            found.r3 = others.blocks(FIRST);
            found.r4 = others.blocks(SECOND);
        }
    }

    /// A chain grows.
    @JCStressTest
    @Outcome(id = "[2-4], 4", expect = ACCEPTABLE, desc = "the beginning, then all of it")
    @Outcome(expect = FORBIDDEN, desc = "a block lost")
    @State
    public static class Growth {
        private final PackedPrefixIndex index = holding(PROMPT.prefix(2));

        @Actor
        public void store() {
            LookupStress.store(index, FIRST, PROMPT, 2);
        }

        @Actor
        public void look(II_Result found) {
            found.r1 = index.match(PROMPT).blocks(FIRST);
        }

        @Arbiter
        public void lookAgain(II_Result found) {
            found.r2 = index.match(PROMPT).blocks(FIRST);
        }
    }

    /// A worker leaves while another one comes.
    @JCStressTest
    @Outcome(id = "[04], [0-4], 4", expect = ACCEPTABLE, desc = "who was there, and who is")
    @Outcome(expect = FORBIDDEN, desc = "blocks of a worker that holds others")
    @State
    public static class Departure {
        private final PackedPrefixIndex index = holding(PROMPT);

        @Actor
        public void change() {
            index.remove(FIRST);
            LookupStress.store(index, SECOND, PROMPT, 0);
        }

        @Actor
        public void look(III_Result found) {
            Overlaps overlaps = index.match(PROMPT);
            found.r1 = overlaps.blocks(FIRST);
            found.r2 = overlaps.blocks(SECOND);
        }

        @Arbiter
        public void lookAgain(III_Result found) {
            found.r3 = index.match(PROMPT).blocks(SECOND);
        }
    }

    private static PackedPrefixIndex holding(TokenBlocks prompt) {
        var index = new PackedPrefixIndex();
        store(index, FIRST, prompt, 0);
        return index;
    }

    private static void store(
            PackedPrefixIndex index, WorkerId worker, TokenBlocks prompt, int from) {
        List<StoredBlock> blocks = new ArrayList<>();
        for (int i = from; i < prompt.count(); i++) {
            blocks.add(new StoredBlock(name(prompt, i), new BlockHash(prompt.blockHash(i))));
        }
        Optional<SequenceHash> parent =
                from == 0 ? Optional.empty() : Optional.of(name(prompt, from - 1));
        index.apply(worker, new Stored(parent, blocks));
    }

    private static void remove(PackedPrefixIndex index, WorkerId worker, TokenBlocks prompt) {
        List<SequenceHash> names = new ArrayList<>();
        for (int i = prompt.count() - 1; i >= 0; i--) {
            names.add(name(prompt, i));
        }
        index.apply(worker, new Removed(names));
    }

    private static SequenceHash name(TokenBlocks prompt, int block) {
        return new SequenceHash(prompt.sequenceHash(block));
    }
}
