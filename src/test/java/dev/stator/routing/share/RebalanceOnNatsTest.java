package dev.stator.routing.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsConfig;
import dev.stator.routing.Hints;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingChoice;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.rebalance.Rebalance;
import dev.stator.routing.rebalance.Rebalancer;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.nats.NatsEventConfig;
import dev.stator.runtime.events.nats.NatsEventPlane;
import dev.stator.testing.Eventually;
import dev.stator.testing.NatsServer;
import dev.stator.testing.RawNats;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Replications that pass through a real server.
class RebalanceOnNatsTest {
    private static final EndpointId WORKERS = new EndpointId("dynamo", "backend", "generate");
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final int BLOCK_SIZE = 64;
    private static final WorkerId HOLDER = new WorkerId(1);
    private static final TokenBlocks PREFIX =
            TokenBlocks.of(BLOCK_SIZE, LongStream.range(0, 100).toArray());
    private static final List<Candidate> CANDIDATES =
            IntStream.rangeClosed(1, 32)
                    .mapToObj(it -> new Candidate(new WorkerId(it), 1_000_000))
                    .toList();

    private final SplittableRandom random = new SplittableRandom(3);
    private int requests;

    @TempDir Path folder;

    @Test
    void aReplicationIsSeenOnTheSubjectOfItsNamespace() throws Exception {
        try (var server = NatsServer.start(folder);
                var bus = RawNats.connect(server.port()).subscribe("dynamo.router.rebalance");
                var router = new Router(server, 5)) {
            router.router
                    .rebalancer()
                    .tell(
                            new Rebalance(
                                    TokenBlocks.of(16, 3, 4),
                                    new WorkerId(42),
                                    new WorkerId(43),
                                    1.5),
                            0);
            JsonField seen = JsonField.root(Json.parse(bus.next().text(), JsonLimits.REQUEST));
            assertThat(seen.get("type").string()).isEqualTo("PrefixReplicated");
            assertThat(seen.get("to").get("worker_id").unsignedLong()).isEqualTo(43);
            assertThat(seen.get("at").string()).isEqualTo("2026-01-31T12:00:00Z");
            assertThat(seen.get("prefix").get("blocks").integer(0, 9)).isEqualTo(2);
        }
    }

    @Test
    void oneRouterFollowsWhatAnotherReplicates() throws Exception {
        try (var server = NatsServer.start(folder);
                var bus = RawNats.connect(server.port()).subscribe("dynamo.router.rebalance");
                var one = new Router(server, 5);
                var other = new Router(server, 6)) {
            for (int i = 0; i < Rebalancer.HOT_REQUESTS; i++) {
                assertThat(route(one, hot(), RoutingHints.NONE).worker()).isEqualTo(HOLDER);
            }
            burden(one);
            burden(other);
            RoutingChoice choice = route(one, hot(), RoutingHints.NONE);
            Rebalance rebalance = choice.rebalance().orElseThrow();
            assertThat(rebalance.from()).isEqualTo(HOLDER);
            assertThat(rebalance.to()).isEqualTo(choice.worker()).isNotEqualTo(HOLDER);

            JsonField seen = JsonField.root(Json.parse(bus.next().text(), JsonLimits.REQUEST));
            assertThat(seen.get("router_id").unsignedLong()).isEqualTo(5);
            assertThat(seen.get("to").get("worker_id").unsignedLong())
                    .isEqualTo(choice.worker().value());
            Eventually.await()
                    .until(() -> other.holders.match(PREFIX).blocks(choice.worker()) == 100);
            RoutingChoice followed = route(other, hot(), RoutingHints.NONE);
            assertThat(followed.worker()).isEqualTo(choice.worker());
            assertThat(followed.overlapBlocks()).isEqualTo(PREFIX.count());
            assertThat(followed.rebalance()).isEmpty();
        }
    }

    /// Gives the holder other prompts to compute.
    private void burden(Router router) {
        for (int i = 0; i < 8; i++) {
            long[] blocks = random.longs(300).toArray();
            route(router, TokenBlocks.of(BLOCK_SIZE, blocks), Hints.pin(HOLDER.value(), 0));
        }
    }

    private TokenBlocks hot() {
        return TokenBlocks.of(
                BLOCK_SIZE,
                LongStream.concat(LongStream.range(0, PREFIX.count()), random.longs(2)).toArray());
    }

    private RoutingChoice route(Router router, TokenBlocks blocks, RoutingHints hints) {
        var query =
                new RoutingQuery(
                        "r" + requests++,
                        blocks.count() * BLOCK_SIZE + 1,
                        blocks,
                        CANDIDATES,
                        hints);
        return ((Routed) router.router.route(query)).choice();
    }

    /// One of several that share nothing but the server, and replications; worker 1 holds the
    /// prefix.
    private static final class Router implements AutoCloseable {
        private final NatsClient client;
        private final NatsEventPlane plane;
        private final AnnouncedHolders holders;
        private final KvRouter router;
        private final RouterShare share;

        Router(NatsServer server, long self) throws InterruptedException {
            client =
                    NatsClient.open(NatsConfig.of("router" + self, server.url()), new Random(self));
            plane =
                    new NatsEventPlane(
                            client,
                            NatsEventConfig.DEFAULT,
                            InstantSource.fixed(NOON),
                            new Random(self + 100));
            assertThat(client.awaitConnected(Duration.ofSeconds(10))).isTrue();
            var index = new PackedPrefixIndex();
            index.apply(HOLDER, stored());
            holders = new AnnouncedHolders(index, () -> 0);
            router =
                    new KvRouter(
                            RouterConfig.DEFAULT, holders, new SplittableRandom(self), () -> 0);
            share =
                    RouterShare.open(
                            router,
                            holders,
                            false,
                            new RouterShare.Surroundings(
                                    self, WORKERS, plane, Runnable::run, () -> NOON));
            // the server has read the subscription once it says that nobody answers
            assertThat(client.request("nobody", new byte[0], Duration.ofSeconds(10)))
                    .failsWithin(Duration.ofSeconds(10));
        }

        private static Stored stored() {
            return new Stored(
                    Optional.empty(),
                    IntStream.range(0, PREFIX.count())
                            .mapToObj(
                                    i ->
                                            new StoredBlock(
                                                    new SequenceHash(PREFIX.sequenceHash(i)),
                                                    new BlockHash(PREFIX.blockHash(i))))
                            .toList());
        }

        @Override
        public void close() {
            share.close();
            plane.close();
            client.close();
        }
    }
}
