package dev.stator.routing.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Routers come, book, compute and end requests, and in half of the histories some leave, with or
/// without a word, while events are lost, repeated, delayed and reordered. Two periods after the
/// faults stop, or when those who left were silent for long enough, every router sees exactly what
/// all of them run.
class BookingSyncPropertyTest {
    private static final int STEPS = 100;
    private static final int REPLICAS_MAX = 4;
    private static final int PERIODS_TO_CONVERGE = 2;
    private static final long PERIOD_NANOS = 1_000_000_000L;
    private static final int PERIODS_TO_MISS_THE_GONE =
            (int) (NumberedSession.SILENT_MAX_NANOS / PERIOD_NANOS) + 1;

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void routersConvergeToWhatAllOfThemRun(long seed) {
        var world = new World(new SplittableRandom(seed));
        for (int i = 0; i < STEPS; i++) {
            world.step();
        }
        world.heal();

        for (Replica replica : world.replicas) {
            assertThat(replica.loads())
                    .as("router " + replica.self)
                    .isEqualTo(Replica.truth(world.replicas));
        }
    }

    private static final class World {
        private final SplittableRandom random;
        private final MemoryDiscovery discovery = new MemoryDiscovery();
        private final FaultyEventPlane events;
        private final AtomicLong nanos = new AtomicLong();
        private final List<Replica> replicas = new ArrayList<>();
        private final boolean isLeaving;
        private long routers;

        World(SplittableRandom random) {
            this.random = random;
            this.isLeaving = random.nextBoolean();
            this.events = new FaultyEventPlane(random);
        }

        void step() {
            switch (random.nextInt(24)) {
                case 0 -> join();
                case 1 -> leave();
                case 2, 3 -> period();
                case 4, 5, 6, 7 -> events.deliver(1 + random.nextInt(6));
                default -> {
                    if (replicas.isEmpty()) {
                        join();
                    }
                    request(replicas.get(random.nextInt(replicas.size())));
                }
            }
        }

        private void join() {
            if (replicas.size() < REPLICAS_MAX) {
                var self = new RouterSession(++routers, random.nextLong() | 1);
                replicas.add(new Replica(self, discovery, events, nanos));
            }
        }

        private void leave() {
            if (isLeaving && !replicas.isEmpty()) {
                Replica gone = replicas.remove(random.nextInt(replicas.size()));
                if (random.nextBoolean()) {
                    gone.kill();
                } else {
                    List.copyOf(gone.running).forEach(gone::end);
                    gone.close();
                }
            }
        }

        private void request(Replica replica) {
            int running = replica.running.size();
            int choice = random.nextInt(running + 2);
            if (choice >= running) {
                replica.book(new WorkerId(1 + random.nextInt(3)), prompt());
                return;
            }
            Replica.Running one = replica.running.get(choice);
            if (random.nextBoolean()) {
                replica.complete(one);
            } else {
                replica.end(one);
            }
        }

        private int[] prompt() {
            return random.ints(1 + random.nextInt(12), 0, 2).toArray();
        }

        private void period() {
            nanos.addAndGet(PERIOD_NANOS);
            replicas.forEach(it -> it.sync.audit());
        }

        /// The faults stop, what is under way arrives, and the gone are missed.
        void heal() {
            events.heal();
            events.deliver(Integer.MAX_VALUE);
            int periods = isLeaving ? PERIODS_TO_MISS_THE_GONE : PERIODS_TO_CONVERGE;
            for (int i = 0; i < periods; i++) {
                period();
                events.deliver(Integer.MAX_VALUE);
            }
        }
    }
}
