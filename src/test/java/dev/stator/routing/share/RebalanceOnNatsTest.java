package dev.stator.routing.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsConfig;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.rebalance.Rebalance;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.nats.NatsEventConfig;
import dev.stator.runtime.events.nats.NatsEventPlane;
import dev.stator.testing.NatsServer;
import dev.stator.testing.RawNats;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.SplittableRandom;

/// What a subscriber of a real server sees.
class RebalanceOnNatsTest {
    private static final EndpointId WORKERS = new EndpointId("dynamo", "backend", "generate");
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @TempDir Path folder;

    @Test
    void aReplicationIsSeenOnTheSubjectOfItsNamespace() throws Exception {
        try (var server = NatsServer.start(folder);
                var bus = RawNats.connect(server.port()).subscribe("dynamo.router.rebalance");
                var client = NatsClient.open(NatsConfig.of("router", server.url()), new Random(1));
                var plane =
                        new NatsEventPlane(
                                client,
                                NatsEventConfig.DEFAULT,
                                InstantSource.fixed(NOON),
                                new Random(2))) {
            assertThat(client.awaitConnected(Duration.ofSeconds(10))).isTrue();
            var holders = new AnnouncedHolders(new PackedPrefixIndex(), () -> 0);
            var router =
                    new KvRouter(RouterConfig.DEFAULT, holders, new SplittableRandom(1), () -> 0);
            var around = new RouterShare.Surroundings(5, WORKERS, plane, Runnable::run, () -> NOON);
            try (var _ = RouterShare.open(router, holders, false, around)) {
                router.rebalancer()
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
    }
}
