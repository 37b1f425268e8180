package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.ManualEngine;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Workers come, go, restart under their old id and change their caches while events and requests
/// are lost, repeated, delayed and reordered. Once the faults stop, the index holds exactly what
/// the caches hold.
class IndexFeedPropertyTest {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");
    private static final int WORKERS = 4;
    private static final int STEPS = 120;

    /// Long enough for a lost question to be given up.
    private static final int AUDITS = 12;

    private static final double[] FAULT_RATES = {0.01, 0.1, 0.3};

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#tenThousand")
    void theIndexConvergesToWhatTheCachesHold(long seed) {
        var world = new World(new SplittableRandom(seed));
        for (int i = 0; i < STEPS; i++) {
            world.step();
        }
        world.heal();

        long blocks = 0;
        for (Node node : world.nodes) {
            assertThat(RandomCache.paths(world.index.dump(node.id)))
                    .as("worker " + node.id)
                    .isEqualTo(node.cache.paths());
            blocks += node.cache.paths().size();
        }
        assertThat(world.index.size().heldBlocks()).isEqualTo(blocks);
        assertThat(world.feed.stats().workers()).isEqualTo(world.nodes.size());
        assertThat(world.feed.stats().rejected()).isZero();
    }

    /// A worker with its cache.
    private static final class Node {
        private final WorkerId id;
        private final KvEventPublisher publisher;
        private final RandomCache cache;
        private final Worker worker;

        Node(WorkerId id, World world) {
            this.id = id;
            var source = new KvEventSource(id, world.random.nextLong());
            this.publisher = new KvEventPublisher(source, PROTOCOL.kvEvents(), world.events);
            this.cache = new RandomCache(world.random, publisher);
            this.worker =
                    Worker.open(
                            PROTOCOL,
                            new ManualEngine("manual", _ -> {}),
                            List.of(publisher),
                            new Worker.Planes(world.discovery, world.requests),
                            Duration.ZERO);
        }
    }

    private static final class World {
        private final SplittableRandom random;
        private final MemoryDiscovery discovery = new MemoryDiscovery();
        private final FaultyEventPlane events;
        private final FaultyRequestPlane requests;
        private final PackedPrefixIndex index = new PackedPrefixIndex();
        private final IndexFeed feed;
        private final List<Node> nodes = new ArrayList<>();

        World(SplittableRandom random) {
            this.random = random;
            this.events =
                    new FaultyEventPlane(random, FAULT_RATES[random.nextInt(FAULT_RATES.length)]);
            this.requests = new FaultyRequestPlane(random);
            this.feed = IndexFeed.open(PROTOCOL, index, events, requests);
            WorkerDirectory.open(
                    discovery, PROTOCOL, new ManualEngine("none", _ -> {}).info(), feed);
        }

        void step() {
            switch (random.nextInt(30)) {
                case 0 -> join();
                case 1 -> leave();
                case 2 -> {
                    leave();
                    join();
                }
                case 3 -> feed.audit();
                case 4, 5, 6, 7, 8, 9 -> events.deliver(1 + random.nextInt(8));
                case 10, 11 -> requests.deliver(1 + random.nextInt(3));
                default -> {
                    if (nodes.isEmpty()) {
                        join();
                    }
                    nodes.get(random.nextInt(nodes.size())).cache.change();
                }
            }
        }

        private void join() {
            for (long id = 1; id <= WORKERS; id++) {
                var worker = new WorkerId(id);
                if (nodes.stream().noneMatch(it -> it.id.equals(worker))) {
                    nodes.add(new Node(worker, this));
                    return;
                }
            }
        }

        private void leave() {
            if (!nodes.isEmpty()) {
                nodes.remove(random.nextInt(nodes.size())).worker.close();
            }
        }

        /// The faults stop, what is under way arrives, and some audits pass.
        void heal() {
            events.heal();
            requests.heal();
            for (int i = 0; i < AUDITS; i++) {
                events.deliver(Integer.MAX_VALUE);
                requests.deliver(Integer.MAX_VALUE);
                feed.audit();
            }
        }
    }
}
