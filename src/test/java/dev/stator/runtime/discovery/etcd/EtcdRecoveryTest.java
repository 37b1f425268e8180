package dev.stator.runtime.discovery.etcd;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.runtime.discovery.Discovery.Announcement;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceChange;
import dev.stator.runtime.discovery.InstanceChange.Added;
import dev.stator.runtime.discovery.InstanceChange.Changed;
import dev.stator.runtime.discovery.InstanceChange.Removed;
import dev.stator.runtime.discovery.Transport;
import dev.stator.testing.EtcdServer;
import dev.stator.testing.TcpRelay;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What must hold when etcd, or the way to it, fails.
class EtcdRecoveryTest {
    private static final Duration TTL = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofSeconds(20); // the client's classes are loaded
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final EndpointId GENERATE = new EndpointId("test", "backend", "generate");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<InstanceChange> seen = new CopyOnWriteArrayList<>();
    private EtcdServer etcd;
    private EtcdDiscovery reader;

    @BeforeEach
    void start(@TempDir Path folder) {
        etcd = EtcdServer.start(folder);
        reader = open(etcd.endpoint());
        reader.watch(seen::add);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable it : opened.reversed()) {
            it.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    @Test
    void aRevokedLeaseIsReplacedAndTheIdIsKept() {
        EtcdDiscovery owner = open(etcd.endpoint());
        Instance worker = worker(owner, "here");
        owner.announce(worker);
        awaitSeen(new Added(worker));

        etcd.post("/v3/lease/revoke", "{\"ID\":\"" + owner.instanceId() + "\"}");

        awaitSeen(new Added(worker), new Removed(worker), new Added(worker));
        assertThat(worker.instanceId()).isEqualTo(owner.instanceId());
        assertThat(range("v1/instances/").get("kvs").items().getFirst().get("lease").string())
                .isNotEqualTo(Long.toString(owner.instanceId()));
    }

    @Test
    void aRestartOfEtcdIsNoticedByNobody() {
        EtcdDiscovery owner = open(etcd.endpoint());
        Announcement first = owner.announce(worker(owner, "here"));
        awaitSeen(new Added(worker(owner, "here")));

        etcd.kill();
        first.update(worker(owner, "moved"));
        Instance other =
                Instance.of(
                        new EndpointId("test", "backend", "other"),
                        owner.instanceId(),
                        Transport.tcp("here"));
        owner.announce(other);
        let(TTL.multipliedBy(2));
        assertThat(reader.instances()).containsExactly(worker(owner, "here"));
        etcd.start();

        await().until(() -> reader.instances().size() == 2);
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        new Added(worker(owner, "here")),
                        new Changed(worker(owner, "moved")),
                        new Added(other));
    }

    @Test
    void aWipedStoreIsNotBelieved() {
        TcpRelay relay = relay();
        List<Instance> workers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            EtcdDiscovery owner = open(relay.endpoint());
            workers.add(worker(owner, "here"));
            owner.announce(workers.getLast());
        }
        await().until(() -> reader.instances().size() == 3);

        relay.cut();
        etcd.kill();
        etcd.wipe();
        etcd.start();
        await().until(() -> etcd.post("/v3/lease/leases", "{}").contains("\"ID\""));
        relay.restore();

        await().until(() -> range("v1/instances/").get("kvs").optional().isPresent());
        await().until(() -> range("v1/instances/").get("count").string().equals("3"));
        let(GRACE);
        assertThat(reader.instances()).containsExactlyInAnyOrderElementsOf(workers);
        assertThat(seen).hasSize(3).allMatch(Added.class::isInstance);
    }

    @Test
    void whatAReaderMissedBeforeACompactionShowsInAFreshList() {
        TcpRelay relay = relay();
        EtcdDiscovery late = open(relay.endpoint());
        EtcdDiscovery owner = open(etcd.endpoint());
        Announcement announcement = owner.announce(worker(owner, "here"));
        Announcement leaving =
                owner.announce(
                        Instance.of(
                                new EndpointId("test", "backend", "leaving"),
                                owner.instanceId(),
                                Transport.tcp("here")));
        await().until(() -> late.instances().size() == 2);
        List<InstanceChange> seenLate = new CopyOnWriteArrayList<>();
        late.watch(seenLate::add);
        seenLate.clear();

        relay.cut();
        announcement.update(worker(owner, "moved"));
        leaving.close();
        compact();
        relay.restore();

        await().untilAsserted(
                        () -> assertThat(late.instances()).containsExactly(worker(owner, "moved")));
        assertThat(seenLate)
                .hasSize(2)
                .contains(new Changed(worker(owner, "moved")))
                .anyMatch(Removed.class::isInstance);
    }

    @Test
    void aWatchFromBeforeACompactionEnds() {
        EtcdDiscovery owner = open(etcd.endpoint());
        owner.announce(worker(owner, "here"));
        compact();
        var causes = new CopyOnWriteArrayList<Throwable>();

        try (var session = new EtcdSession(EtcdConfig.at(List.of(etcd.endpoint())), LONG)) {
            session.watch("v1/", 1, new Ending(causes::add));
            await().until(() -> !causes.isEmpty());
        }
        assertThat(causes.getFirst()).hasMessageContaining("compacted");
    }

    @Test
    void whoStopsKeepingItsLeaseIsGoneAndComesBackWithItsId() {
        TcpRelay relay = relay();
        EtcdDiscovery owner = open(relay.endpoint());
        Instance worker = worker(owner, "here");
        owner.announce(worker);
        awaitSeen(new Added(worker));
        await().until(() -> owner.instances().contains(worker));

        relay.freeze();
        awaitSeen(new Added(worker), new Removed(worker));
        assertThat(owner.instances()).containsExactly(worker);

        relay.restore();
        awaitSeen(new Added(worker), new Removed(worker), new Added(worker));
    }

    @Test
    void anAddressThatChangesInPlaceIsReported() {
        EtcdDiscovery owner = open(etcd.endpoint());
        owner.announce(worker(owner, "here"));
        awaitSeen(new Added(worker(owner, "here")));
        String key = "v1/instances/test/backend/generate/" + Long.toHexString(owner.instanceId());
        String value = base64Decoded(range(key).get("kvs").items().getFirst().get("value"));

        etcd.post(
                "/v3/kv/put",
                Json.write(
                        new JsonObjectBuilder()
                                .put("key", base64(key))
                                .put("value", base64(value.replace("here", "moved")))
                                .put("ignore_lease", true)
                                .put("lease", "0")
                                .build()));

        await().until(() -> seen.contains(new Changed(worker(owner, "moved"))));
    }

    @Test
    void recordsAreReadableThroughTheGateway() {
        EtcdDiscovery owner = open(etcd.endpoint());
        owner.announce(
                worker(owner, "here")
                        .withCard(new JsonObjectBuilder().put("display_name", "demo").build()));
        String id = Long.toHexString(owner.instanceId());

        assertThat(value("v1/instances/test/backend/generate/" + id))
                .contains("\"type\":\"Endpoint\"", "\"transport\":{\"tcp\":\"here\"}");
        assertThat(value("v1/mdc/test/backend/generate/" + id))
                .contains("\"card_json\":{\"display_name\":\"demo\"}");
    }

    @Test
    void anInstanceOfAnotherProcessCannotBeAnnounced() {
        EtcdDiscovery owner = open(etcd.endpoint());
        owner.announce(worker(owner, "here"));
        Instance same = worker(owner, "elsewhere");

        assertThatThrownBy(() -> reader.announce(same))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already announced: " + same);
        owner.close();
        reader.announce(same).close();
    }

    @Test
    void closingLeavesNoKeyNoLeaseAndNoThread() {
        EtcdDiscovery owner = open(etcd.endpoint());
        owner.announce(worker(owner, "here"));
        owner.close();
        owner.close();
        reader.close();

        assertThat(range("v1/").get("count").isPresent()).isFalse();
        assertThat(etcd.post("/v3/lease/leases", "{}")).doesNotContain("\"ID\"");
        await().untilAsserted(
                        () ->
                                assertThat(Thread.getAllStackTraces().keySet())
                                        .extracting(Thread::getName)
                                        .noneMatch(
                                                name -> name.matches("(etcd|jetcd|grpc|vert).*")));
        assertThatThrownBy(() -> owner.announce(worker(owner, "here")))
                .hasMessageContaining("closed");
    }

    @Test
    void closingIsBoundedWhileEtcdIsAway() {
        EtcdDiscovery owner = open(etcd.endpoint());
        Announcement announcement = owner.announce(worker(owner, "here"));
        etcd.kill();

        announcement.close();
        owner.close();

        assertThat(owner.instances()).isEmpty();
    }

    @Test
    void anEtcdThatIsNotThereIsNamed() {
        etcd.close();

        assertThatThrownBy(() -> open(etcd.endpoint()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no etcd at " + etcd.endpoint() + " within PT0.5S");
    }

    private EtcdDiscovery open(URI endpoint) {
        var discovery =
                EtcdDiscovery.open(
                        new EtcdConfig(
                                List.of(endpoint),
                                Optional.empty(),
                                TTL,
                                reader == null ? LONG : SHORT),
                        _ -> true,
                        new SplittableRandom(opened.size()));
        opened.add(discovery);
        return discovery;
    }

    private TcpRelay relay() {
        var relay = TcpRelay.to(etcd.endpoint());
        opened.add(relay);
        return relay;
    }

    private static Instance worker(EtcdDiscovery owner, String address) {
        return Instance.of(GENERATE, owner.instanceId(), Transport.tcp(address));
    }

    private JsonField range(String prefix) {
        char last = (char) (prefix.charAt(prefix.length() - 1) + 1);
        String request =
                Json.write(
                        new JsonObjectBuilder()
                                .put("key", base64(prefix))
                                .put(
                                        "range_end",
                                        base64(prefix.substring(0, prefix.length() - 1) + last))
                                .build());
        return JsonField.root(Json.parse(etcd.post("/v3/kv/range", request), JsonLimits.REQUEST));
    }

    private String value(String key) {
        return base64Decoded(range(key).get("kvs").items().getFirst().get("value"));
    }

    private void compact() {
        String revision = range("v1/").get("header").get("revision").string();
        assertThat(etcd.post("/v3/kv/compaction", "{\"revision\":\"" + revision + "\"}"))
                .contains("header");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64Decoded(JsonField text) {
        return new String(Base64.getDecoder().decode(text.string()), StandardCharsets.UTF_8);
    }

    /// Lets real time pass for a process that is not ours.
    private static void let(Duration pass) {
        await().pollDelay(pass).until(() -> true);
    }

    private void awaitSeen(InstanceChange... expected) {
        await().untilAsserted(() -> assertThat(seen).containsExactly(expected));
    }

    private record Ending(Consumer<Throwable> end) implements EtcdSession.Watcher {

        @Override
        public void onEvents(List<EtcdSession.Event> events) {}

        @Override
        public void onEnd(Throwable cause) {
            end.accept(cause);
        }
    }
}
