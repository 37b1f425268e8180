package dev.stator.worker;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.Requests;
import dev.stator.engine.wire.GenerationItem;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;
import dev.stator.tokens.CacheNamespace;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

class WorkerTest {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");
    private static final KvEventSource SOURCE = new KvEventSource(new WorkerId(5), 0xabcL);

    private final MemoryDiscovery discovery = new MemoryDiscovery();
    private final MemoryRequestPlane requests = new MemoryRequestPlane();
    private final MemoryEventPlane events = new MemoryEventPlane(100, Runnable::run);
    private final KvEventPublisher publisher =
            new KvEventPublisher(SOURCE, PROTOCOL.kvEvents(), events);
    private final ManualEngine engine = new ManualEngine("manual-5", publisher);

    @Test
    void announcesBothEndpointsWithItsCard() {
        open(Duration.ZERO);

        assertThat(discovery.instances())
                .extracting(Instance::endpoint)
                .containsExactly(PROTOCOL.kvQuery(0).id(), PROTOCOL.generateId());
        assertThat(discovery.instances()).allMatch(it -> it.instanceId() == 5);
        assertThat(discovery.instances().getLast().card().map(WorkerCard::parse))
                .contains(WorkerCard.of(0xabcL, engine.info()));
    }

    @Test
    void isCallableWheneverItIsSeen() {
        List<StreamEnd> ends = new CopyOnWriteArrayList<>();
        discovery.watch(
                change -> {
                    if (change.instance().endpoint().equals(PROTOCOL.kvQuery(0).id())) {
                        var answer = new Received<KvAnswer>();
                        requests.open(
                                PROTOCOL.kvQuery(0),
                                change.instance(),
                                KvQuery.everything(SOURCE),
                                answer);
                        ends.addAll(answer.ends);
                    }
                });
        open(Duration.ZERO).close();

        assertThat(ends).containsExactly(new StreamEnd.Completed(), new StreamEnd.Completed());
    }

    @Test
    void carriesAGenerationAndItsSteering() {
        open(Duration.ZERO);
        var received = new Received<GenerationItem>();
        RemoteStream stream = send(received);
        ManualEngine.Running running = engine.running().getFirst();
        running.begin().produce(8);
        stream.pause();
        assertThat(running.isPaused()).isTrue();
        stream.close();

        assertThat(received.items)
                .hasExactlyElementsOfTypes(
                        GenerationItem.Started.class,
                        GenerationItem.Produced.class,
                        GenerationItem.Ended.class);
        assertThat(received.ends).containsExactly(new StreamEnd.Completed());
    }

    @Test
    void answersForItsCache() {
        open(Duration.ZERO);
        send(new Received<>());
        engine.running().getFirst().begin();
        var received = new Received<KvAnswer>();
        requests.open(
                PROTOCOL.kvQuery(0),
                instance(PROTOCOL.kvQuery(0)),
                KvQuery.from(SOURCE, 1),
                received);

        assertThat(received.items)
                .singleElement()
                .isInstanceOfSatisfying(
                        KvAnswer.Events.class, it -> assertThat(it.events()).hasSize(1));
    }

    @Test
    void closingWithdrawsFirstAndWaitsForWhatRuns() {
        Worker worker = open(Duration.ofMinutes(1));
        Instance target = instance(PROTOCOL.generate("manual"));
        var running = new Received<GenerationItem>();
        send(running);
        Thread closing = Thread.startVirtualThread(worker::close);
        await().untilAsserted(() -> assertThat(discovery.instances()).isEmpty());

        await().untilAsserted(
                        () -> {
                            var late = new Received<GenerationItem>();
                            requests.open(
                                    PROTOCOL.generate("manual"),
                                    target,
                                    Requests.request("late", 1),
                                    late);
                            assertThat(late.failure()).isEqualTo(FailureKind.UNAVAILABLE);
                        });
        assertThat(closing.isAlive()).isTrue();
        engine.running().getFirst().begin().produce(1).finish();
        await().until(() -> !closing.isAlive());

        assertThat(running.items).hasSize(3);
        var gone = new Received<GenerationItem>();
        requests.open(PROTOCOL.generate("manual"), target, Requests.request("gone", 1), gone);
        assertThat(gone.ends.getFirst()).isInstanceOf(StreamEnd.Failed.class);
    }

    @Test
    void whatDoesNotEndInTimeIsCancelled() {
        Worker worker = open(Duration.ZERO);
        var running = new Received<GenerationItem>();
        send(running);
        worker.close();
        worker.close();

        assertThat(running.items)
                .last()
                .isInstanceOfSatisfying(
                        GenerationItem.Ended.class,
                        it ->
                                assertThat(it.end())
                                        .isInstanceOfSatisfying(
                                                GenerationEnd.Finished.class,
                                                end ->
                                                        assertThat(end.reason())
                                                                .isEqualTo(
                                                                        FinishReason.CANCELLED)));
    }

    @Test
    void adaptersAreAnnouncedWithTheWorker() {
        Worker worker = open(Duration.ZERO);
        assertThat(adapters()).isEmpty();

        assertThat(worker.load("SQL v1")).isTrue();
        assertThat(worker.load("law")).isTrue();
        assertThat(adapters()).containsOnlyKeys("sql_v1", "law");
        assertThat(WorkerCard.adapter(Objects.requireNonNull(adapters().get("sql_v1"))))
                .isEqualTo("SQL v1");
        assertThatThrownBy(() -> worker.load("SQL V1"))
                .hasMessageContaining("case and punctuation");

        worker.setAvailable(false);
        assertThat(worker.unload("law")).isTrue();
        worker.setAvailable(true);
        assertThat(adapters()).containsOnlyKeys("sql_v1");
        assertThat(worker.adapters()).containsExactly("SQL v1");
    }

    @Test
    void aRequestForAnAdapterThatIsNotLoadedIsSentOn() {
        Worker worker = open(Duration.ZERO);
        assertThat(sendFor("law").failure()).isEqualTo(FailureKind.UNAVAILABLE);

        worker.load("law");
        assertThat(sendFor("law").items).isEmpty();
        assertThat(engine.running()).hasSize(1);
    }

    @Test
    void saysWhatItRunsOnInDynamosWordsAlone() {
        var kind =
                new Worker.Kind(
                        Set.of("gpu=h100"),
                        Set.of("sql"),
                        Optional.of("cuda"),
                        Optional.of("round-robin"));
        Worker.open(
                PROTOCOL,
                engine,
                List.of(publisher),
                new Worker.Planes(discovery, requests, Optional.empty(), kind),
                Duration.ZERO);

        assertThat(instance(PROTOCOL.generate("manual")).metadata())
                .containsEntry("device_type", "cuda");
        assertThat(adapters()).containsOnlyKeys("sql");
        JsonObject card = instance(PROTOCOL.generate("manual")).card().orElseThrow();
        assertThat(WorkerCard.parse(card).routerMode()).contains("round-robin");
        assertThatThrownBy(
                        () ->
                                new Worker.Kind(
                                        Set.of(), Set.of(), Optional.of("tpu"), Optional.empty()))
                .hasMessageContaining("device-type must be cpu or cuda: \"tpu\"");
    }

    private Map<String, JsonObject> adapters() {
        return instance(PROTOCOL.generate("manual")).variants();
    }

    private Received<GenerationItem> sendFor(String adapter) {
        var received = new Received<GenerationItem>();
        requests.open(
                PROTOCOL.generate("manual"),
                instance(PROTOCOL.generate("manual")),
                Requests.inNamespace(
                        Requests.request("one", 1, 2, 3), new CacheNamespace(adapter, "")),
                received);
        return received;
    }

    @Test
    void aSecondWorkerWithTheSameIdIsRefusedAndLeavesNothingBehind() {
        discovery.announce(Instance.of(PROTOCOL.generateId(), 5, Transport.tcp("elsewhere")));

        assertThatThrownBy(() -> open(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        assertThat(discovery.instances()).hasSize(1);
        requests.serve(PROTOCOL.generate("manual"), 5, (_, _) -> new DeferredStream()).close();
    }

    private Worker open(Duration drainLimit) {
        return Worker.open(
                PROTOCOL,
                engine,
                List.of(publisher),
                new Worker.Planes(discovery, requests),
                drainLimit);
    }

    private RemoteStream send(Received<GenerationItem> received) {
        return requests.open(
                PROTOCOL.generate("manual"),
                instance(PROTOCOL.generate("manual")),
                Requests.request("one", 1, 2, 3, 4, 5),
                received);
    }

    private Instance instance(Endpoint<?, ?> endpoint) {
        return discovery.instances().stream()
                .filter(it -> it.endpoint().equals(endpoint.id()))
                .findFirst()
                .orElseThrow();
    }

    private static final class Received<I> implements StreamReceiver<I> {
        private final List<I> items = new CopyOnWriteArrayList<>();
        private final List<StreamEnd> ends = new CopyOnWriteArrayList<>();

        @Override
        public void onItem(I item) {
            items.add(item);
        }

        @Override
        public void onEnd(StreamEnd end) {
            ends.add(end);
        }

        FailureKind failure() {
            var ended = (GenerationItem.Ended) items.getLast();
            return ((GenerationEnd.Failed) ended.end()).failure().kind();
        }
    }
}
