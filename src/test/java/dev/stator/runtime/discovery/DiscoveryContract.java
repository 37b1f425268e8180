package dev.stator.runtime.discovery;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.runtime.discovery.Discovery.Announcement;
import dev.stator.runtime.discovery.Discovery.Watch;
import dev.stator.runtime.discovery.InstanceChange.Added;
import dev.stator.runtime.discovery.InstanceChange.Changed;
import dev.stator.runtime.discovery.InstanceChange.Removed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// What every discovery must do. Changes may take a moment to be seen.
public abstract class DiscoveryContract {
    private static final EndpointId GENERATE = new EndpointId("test", "backend", "generate");
    private static final Instance ONE = instance(1, "here");
    private static final Instance TWO = instance(-2, "there");

    private final List<InstanceChange> changes = new CopyOnWriteArrayList<>();
    private Discovery discovery;

    protected abstract Discovery newDiscovery();

    @BeforeEach
    void open() {
        discovery = newDiscovery();
    }

    @AfterEach
    void close() {
        discovery.close();
    }

    @Test
    void anAnnouncedInstanceIsSeenUntilItIsWithdrawn() {
        Announcement announcement = discovery.announce(ONE);
        await().untilAsserted(() -> assertThat(discovery.instances()).containsExactly(ONE));

        announcement.close();
        announcement.close();
        await().untilAsserted(() -> assertThat(discovery.instances()).isEmpty());
    }

    @Test
    void theSameInstanceCannotBeAnnouncedTwice() {
        discovery.announce(ONE);

        assertThatThrownBy(() -> discovery.announce(instance(1, "elsewhere")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(ONE.toString());
    }

    @Test
    void oneProcessMayAnnounceSeveralEndpoints() {
        var other = new EndpointId("test", "backend", "other");
        discovery.announce(ONE);
        discovery.announce(Instance.of(other, 1, Transport.tcp("here:1/1/other")));

        await().untilAsserted(() -> assertThat(discovery.instances()).hasSize(2));
    }

    @Test
    void aWatchSeesWhatIsThereAndWhatChanges() {
        Announcement one = discovery.announce(ONE);
        await().untilAsserted(() -> assertThat(discovery.instances()).hasSize(1));
        discovery.watch(changes::add);
        awaitChanges(new Added(ONE));

        discovery.announce(TWO);
        awaitChanges(new Added(ONE), new Added(TWO));
        one.update(instance(1, "moved"));
        awaitChanges(new Added(ONE), new Added(TWO), new Changed(instance(1, "moved")));
        one.close();
        awaitChanges(
                new Added(ONE),
                new Added(TWO),
                new Changed(instance(1, "moved")),
                new Removed(instance(1, "moved")));
    }

    @Test
    void whatAnInstanceServesBesidesComesAndGoes() {
        var card = new JsonObjectBuilder().put("display_name", "my-lora").build();
        Instance more = ONE.withVariants(Map.of("my-lora", card));
        Announcement one = discovery.announce(ONE);
        await().untilAsserted(() -> assertThat(discovery.instances()).containsExactly(ONE));
        discovery.watch(changes::add);
        awaitChanges(new Added(ONE));

        one.update(more);
        awaitChanges(new Added(ONE), new Changed(more));
        one.update(ONE);
        awaitChanges(new Added(ONE), new Changed(more), new Changed(ONE));
        one.close();
        awaitChanges(new Added(ONE), new Changed(more), new Changed(ONE), new Removed(ONE));
    }

    @Test
    void anUpdateToTheSameIsNoChange() {
        Announcement one = discovery.announce(ONE);
        discovery.watch(changes::add);
        one.update(instance(1, "here"));
        discovery.announce(TWO);

        awaitChanges(new Added(ONE), new Added(TWO));
    }

    @Test
    void aWithdrawnAnnouncementCannotBeUpdated() {
        Announcement one = discovery.announce(ONE);
        await().untilAsserted(() -> assertThat(discovery.instances()).containsExactly(ONE));
        one.close();
        one.update(instance(1, "moved"));
        await().untilAsserted(() -> assertThat(discovery.instances()).isEmpty());
        discovery.watch(changes::add);
        discovery.announce(TWO);

        awaitChanges(new Added(TWO));
    }

    @Test
    void anInstanceMayComeBack() {
        discovery.watch(changes::add);
        discovery.announce(ONE).close();
        discovery.announce(ONE);

        awaitChanges(new Added(ONE), new Removed(ONE), new Added(ONE));
    }

    @Test
    void aClosedWatchIsSilent() {
        Watch closed = discovery.watch(_ -> changes.add(new Removed(ONE)));
        closed.close();
        closed.close();
        discovery.watch(changes::add);
        discovery.announce(ONE);

        awaitChanges(new Added(ONE));
    }

    @Test
    void aFailingListenerDoesNotKeepOthersFromHearing() {
        discovery.watch(
                _ -> {
                    throw new IllegalStateException("expected by the test");
                });
        discovery.watch(changes::add);
        discovery.announce(ONE);

        awaitChanges(new Added(ONE));
    }

    private void awaitChanges(InstanceChange... expected) {
        await().untilAsserted(() -> assertThat(changes).containsExactly(expected));
    }

    private static Instance instance(long id, String transport) {
        return new Instance(
                GENERATE,
                id,
                Transport.tcp(transport),
                Map.of("request_plane_codec", "json"),
                Optional.of(new JsonObjectBuilder().put("display_name", "demo").build()));
    }
}
