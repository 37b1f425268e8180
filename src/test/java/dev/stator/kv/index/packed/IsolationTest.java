package dev.stator.kv.index.packed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Equal tokens under another adapter, salt or model are other blocks.
class IsolationTest {
    private static final WorkerId WORKER = new WorkerId(1);
    private static final TokenIds TOKENS = TokenIds.of(1, 2, 3, 4, 5, 6, 7, 8);
    private static final List<CacheNamespace> NAMESPACES =
            List.of(
                    CacheNamespace.SHARED,
                    new CacheNamespace("adapter", ""),
                    new CacheNamespace("other", ""),
                    new CacheNamespace("", "tenant"),
                    new CacheNamespace("adapter", "tenant"));

    @Test
    void adaptersAndSaltsShareAnIndexAndNoBlock() {
        PrefixIndex index = new PackedPrefixIndex();
        for (CacheNamespace stored : NAMESPACES) {
            index.apply(WORKER, stored(prompt(stored)));
            for (CacheNamespace asked : NAMESPACES) {
                int expected = NAMESPACES.indexOf(asked) <= NAMESPACES.indexOf(stored) ? 4 : 0;
                assertThat(index.match(prompt(asked)).blocks(WORKER)).isEqualTo(expected);
            }
        }
        assertThat(index.size().places()).isEqualTo(4L * NAMESPACES.size());
    }

    @Test
    void modelsHaveIndexesOfTheirOwn() {
        PrefixIndex one = new PackedPrefixIndex();
        PrefixIndex other = new PackedPrefixIndex();
        TokenBlocks prompt = prompt(CacheNamespace.SHARED);
        one.apply(WORKER, stored(prompt));

        assertThat(one.match(prompt).blocks(WORKER)).isEqualTo(4);
        assertThat(other.match(prompt).workers()).isZero();
    }

    private static TokenBlocks prompt(CacheNamespace namespace) {
        return new BlockHasher(2, namespace).hash(TOKENS);
    }

    private static Stored stored(TokenBlocks prompt) {
        var blocks = new ArrayList<StoredBlock>();
        for (int i = 0; i < prompt.count(); i++) {
            blocks.add(
                    new StoredBlock(
                            new SequenceHash(prompt.sequenceHash(i)),
                            new BlockHash(prompt.blockHash(i))));
        }
        return new Stored(Optional.empty(), blocks);
    }
}
