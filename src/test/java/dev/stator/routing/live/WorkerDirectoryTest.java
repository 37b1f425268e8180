package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.routing.RoutingQuery;
import dev.stator.runtime.discovery.Discovery.Announcement;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class WorkerDirectoryTest {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");
    private static final EngineInfo DEMO = new EngineInfo("demo", 4_096, 16, 100, 512, 8);

    private final MemoryDiscovery discovery = new MemoryDiscovery();
    private final IndexFeed feed =
            IndexFeed.open(
                    PROTOCOL,
                    new PackedPrefixIndex(),
                    new MemoryEventPlane(10, Runnable::run),
                    new MemoryRequestPlane());
    private final WorkerDirectory directory = WorkerDirectory.open(discovery, PROTOCOL, DEMO, feed);

    @Test
    void workersComeChangeAndGo() {
        Announcement one = discovery.announce(instance(1, "here", DEMO));
        Announcement two = discovery.announce(instance(-2, "there", DEMO));
        assertThat(directory.workers())
                .extracting(LiveWorker::id)
                .containsExactly(new WorkerId(1), new WorkerId(-2));
        assertThat(directory.candidates()).allMatch(it -> it.totalBlocks() == 100).hasSize(2);

        one.update(instance(1, "moved", DEMO));
        assertThat(directory.worker(new WorkerId(1)).orElseThrow().generate().transport())
                .isEqualTo(Transport.tcp("moved"));
        two.close();
        assertThat(directory.workers()).extracting(LiveWorker::id).containsExactly(new WorkerId(1));
        assertThat(directory.worker(new WorkerId(-2))).isEmpty();
    }

    @Test
    void theFleetHasTheCapacityOfAllItsWorkers() {
        assertThat(directory.fleet()).isEqualTo(new EngineInfo("demo", 4_096, 16, 0, 0, 0));
        discovery.announce(instance(1, "here", DEMO));
        discovery.announce(instance(2, "there", DEMO));

        assertThat(directory.fleet()).isEqualTo(new EngineInfo("demo", 4_096, 16, 200, 1_024, 16));
    }

    @Test
    void otherModelsBlockSizesAndEndpointsAreLeftAlone() {
        discovery.announce(instance(1, "a", new EngineInfo("other", 4_096, 16, 100, 512, 8)));
        discovery.announce(instance(2, "b", new EngineInfo("demo", 4_096, 32, 100, 512, 8)));
        discovery.announce(Instance.of(PROTOCOL.generateId(), 3, Transport.tcp("c")));
        discovery.announce(
                Instance.of(WorkerProtocol.in("elsewhere").generateId(), 4, Transport.tcp("d"))
                        .withCard(WorkerCard.of(1, DEMO).toJson()));

        assertThat(directory.workers()).isEmpty();
    }

    @Test
    void aClosedDirectoryHearsNothing() {
        directory.close();
        discovery.announce(instance(1, "here", DEMO));

        assertThat(directory.workers()).isEmpty();
    }

    @Test
    void theCacheOfAWorkerIsFollowedWhileItAnswersQuestions() {
        Announcement queries =
                discovery.announce(Instance.of(PROTOCOL.kvQuery(0).id(), 1, Transport.tcp("here")));
        assertThat(feed.stats().workers()).isZero();
        discovery.announce(instance(1, "here", DEMO));
        assertThat(feed.stats().workers()).isEqualTo(1);

        queries.close();
        assertThat(feed.stats().workers()).isZero();
    }

    @Test
    void adaptersComeAndGoWithTheirCardsAndTheirWorkers() {
        WorkerCard card = WorkerCard.of(5, DEMO);
        Instance plain = instance(1, "here", DEMO);
        Announcement one =
                discovery.announce(plain.withVariants(card.adapters(Set.of("sql", "law"))));
        Announcement two =
                discovery.announce(
                        instance(2, "there", DEMO).withVariants(card.adapters(Set.of("sql"))));
        assertThat(directory.adapters()).containsExactly("law", "sql");
        assertThat(directory.candidates())
                .extracting(it -> it.adapters().size())
                .containsExactly(2, 1);

        one.update(plain);
        assertThat(directory.adapters()).containsExactly("sql");
        two.close();
        assertThat(directory.adapters()).isEmpty();
        assertThat(directory.workers()).hasSize(1);
    }

    /// Otherwise a router that guesses what is cached would forget it.
    @Test
    void aCacheIsNeitherForgottenNorAskedAgainBecauseOfAnAdapter() {
        List<String> heard = new ArrayList<>();
        var caches =
                new CacheFollowing() {
                    @Override
                    public void follow(WorkerId worker, long incarnation, Instance answers) {
                        heard.add("follow " + worker);
                    }

                    @Override
                    public void forget(WorkerId worker) {
                        heard.add("forget " + worker);
                    }
                };
        WorkerDirectory.open(discovery, PROTOCOL, DEMO, caches);
        Instance plain = instance(1, "here", DEMO);
        Announcement one = discovery.announce(plain);
        List<String> before = List.copyOf(heard);

        one.update(plain.withVariants(WorkerCard.of(5, DEMO).adapters(Set.of("sql"))));
        assertThat(heard).isEqualTo(before);
        one.close();
        assertThat(heard).hasSize(before.size() + 1);
    }

    @Test
    void whoRunsOnProcessorsSaysSo() {
        discovery.announce(instance(1, "here", DEMO).with("device_type", "cpu"));
        discovery.announce(instance(2, "there", DEMO).with("device_type", "cuda"));
        discovery.announce(instance(3, "elsewhere", DEMO));

        assertThat(directory.candidates())
                .extracting(RoutingQuery.Candidate::isOnProcessors)
                .containsExactly(true, false, false);
    }

    @Test
    void aCardThatNamesNoAdapterIsPassedOver() {
        discovery.announce(instance(1, "here", DEMO).withVariants(Map.of("sql", JsonObject.EMPTY)));

        assertThat(directory.workers()).hasSize(1);
        assertThat(directory.adapters()).isEmpty();
    }

    @Test
    void everyRankOfAProcessIsAWorkerOfItsOwn() {
        Announcement process = discovery.announce(ranked(7, new WorkerCard.Ranks(2, 2)));
        discovery.announce(instance(8, "there", DEMO));
        WorkerId second = new WorkerId(7, 2);
        WorkerId third = new WorkerId(7, 3);
        assertThat(directory.workers())
                .extracting(LiveWorker::id)
                .containsExactly(second, third, new WorkerId(8));
        assertThat(directory.candidates())
                .hasSize(3)
                .filteredOn(it -> it.taints().contains("zone=a") && it.isSeen())
                .hasSize(2);
        assertThat(directory.fleet().totalBlocks()).isEqualTo(300);

        process.update(ranked(7, new WorkerCard.Ranks(3, 1)));
        assertThat(directory.workers())
                .extracting(LiveWorker::id)
                .containsExactly(third, new WorkerId(8));
        process.close();
        assertThat(directory.workers()).extracting(LiveWorker::id).containsExactly(new WorkerId(8));
    }

    @Test
    void theCacheOfEachRankIsFollowedWhileItAnswersQuestions() {
        discovery.announce(ranked(7, new WorkerCard.Ranks(0, 2)));
        Announcement first = discovery.announce(queries(7, 0));
        discovery.announce(queries(7, 1));
        discovery.announce(queries(7, 2));
        assertThat(feed.stats().workers()).isEqualTo(2);

        first.close();
        assertThat(feed.stats().workers()).isEqualTo(1);
    }

    private static Instance queries(long id, int rank) {
        return Instance.of(PROTOCOL.kvQuery(rank).id(), id, Transport.tcp("here"));
    }

    private static Instance ranked(long id, WorkerCard.Ranks ranks) {
        return Instance.of(PROTOCOL.generateId(), id, Transport.tcp("here"))
                .withCard(
                        new WorkerCard(5, true, ranks, DEMO, Set.of("zone=a"), Optional.empty())
                                .toJson());
    }

    private static Instance instance(long id, String transport, EngineInfo engine) {
        return Instance.of(PROTOCOL.generateId(), id, Transport.tcp(transport))
                .withCard(WorkerCard.of(5, engine).toJson());
    }
}
