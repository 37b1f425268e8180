package dev.stator.kv.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Random sequences over few tokens, so that prefixes are shared, filled twice and evicted often.
class BlockPoolPropertyTest {
    private static final int BLOCK_SIZE = 2;
    private static final int STEPS = 150;
    private static final List<CacheNamespace> NAMESPACES =
            List.of(CacheNamespace.SHARED, new CacheNamespace("adapter", ""));

    /// One sequence in both pools.
    private static final class Twins {
        private final List<Integer> ids;
        private final BlockTable table;
        private final NaiveBlockPool.Table naive;
        private int filled;

        private Twins(CacheNamespace namespace, List<Integer> ids) {
            this.ids = ids;
            this.table = BlockTable.of(hasher(namespace), namespace, TokenIds.of(array()));
            this.naive = new NaiveBlockPool.Table(namespace);
        }

        private int[] array() {
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithTheNaivePool(long seed) {
        var history = new History(new SplittableRandom(seed));
        for (int step = 0; step < STEPS; step++) {
            history.step();
            history.check();
        }
    }

    private static BlockHasher hasher(CacheNamespace namespace) {
        return new BlockHasher(BLOCK_SIZE, namespace);
    }

    private static final class History {
        private final SplittableRandom random;
        private final ShadowCache shadow = new ShadowCache();
        private final BlockPool pool;
        private final NaiveBlockPool naive;
        private final List<Twins> open = new ArrayList<>();

        private History(SplittableRandom random) {
            this.random = random;
            int blocks = random.nextInt(1, 24);
            this.pool = new BlockPool(blocks, BLOCK_SIZE, shadow);
            this.naive = new NaiveBlockPool(blocks, BLOCK_SIZE);
        }

        private void step() {
            int choice = random.nextInt(100);
            if (choice < 35 || open.isEmpty()) {
                open();
            } else if (choice < 75) {
                extend(open.get(random.nextInt(open.size())));
            } else if (choice < 98) {
                close(open.remove(random.nextInt(open.size())));
            } else {
                pool.clear();
                naive.clear();
            }
        }

        private void open() {
            CacheNamespace namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
            var twins = new Twins(namespace, randomIds(random.nextInt(1, 12)));
            int tokensMax = twins.ids.size() - 1;
            int matched = pool.match(twins.table, twins.array(), tokensMax);
            assertThat(matched).isEqualTo(naive.match(twins.naive, twins.ids, tokensMax));
            twins.filled = matched * BLOCK_SIZE;
            open.add(twins);
        }

        /// Takes room, adds tokens and fills some of them.
        private void extend(Twins twins) {
            twins.ids.addAll(randomIds(random.nextInt(4)));
            boolean grown = pool.grow(twins.table, twins.ids.size());
            assertThat(grown).isEqualTo(naive.grow(twins.naive, twins.ids.size()));
            if (!grown) {
                open.remove(twins);
                close(twins);
                return;
            }
            twins.filled += random.nextInt(twins.ids.size() - twins.filled + 1);
            pool.commit(twins.table, twins.array(), twins.filled);
            naive.commit(twins.naive, twins.ids, twins.filled);
        }

        private void close(Twins twins) {
            pool.release(twins.table);
            naive.release(twins.naive);
        }

        private void check() {
            pool.checkInvariants();
            shadow.assertSameAs(pool);
            assertThat(pool.availableBlocks()).isEqualTo(naive.available());
            assertThat(pool.cachedBlocks()).isEqualTo(naive.cached().size());
            Set<SequenceHash> expected =
                    naive.cached().stream().map(History::hash).collect(Collectors.toSet());
            assertThat(shadow.content().keySet()).isEqualTo(expected);
        }

        private List<Integer> randomIds(int count) {
            List<Integer> ids = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ids.add(random.nextInt(2));
            }
            return ids;
        }

        private static SequenceHash hash(NaiveBlockPool.Prefix prefix) {
            int[] ids = prefix.ids().stream().mapToInt(Integer::intValue).toArray();
            TokenBlocks blocks = hasher(prefix.namespace()).hash(TokenIds.of(ids));
            return new SequenceHash(blocks.sequenceHash(blocks.count() - 1));
        }
    }
}
