package dev.stator.runtime.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceChange;
import dev.stator.runtime.discovery.InstanceChange.Added;
import dev.stator.runtime.discovery.InstanceChange.Changed;
import dev.stator.runtime.discovery.InstanceChange.Removed;
import dev.stator.runtime.discovery.InstanceRecord;
import dev.stator.runtime.discovery.KnownInstances;
import dev.stator.runtime.discovery.RecordFormat;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.discovery.etcd.EtcdSession.Event;
import dev.stator.runtime.discovery.etcd.EtcdSession.Listing;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class EtcdViewTest {
    private static final Instance HERE =
            Instance.of(new EndpointId("test", "backend", "generate"), 1, Transport.tcp("here"));
    private static final Instance MOVED =
            Instance.of(HERE.endpoint(), 1, Transport.tcp("moved"))
                    .withCard(new JsonObjectBuilder().put("display_name", "demo").build());

    private final KnownInstances known = new KnownInstances();
    private final EtcdView view = new EtcdView(known, _ -> true, Duration.ofSeconds(12));
    private final List<InstanceChange> changes = new ArrayList<>();

    @BeforeEach
    void watch() {
        known.watch(changes::add);
    }

    @Test
    void whatOneRevisionChangesIsOneChange() {
        int list = view.replaceAll(new Listing(Map.of(), 1));
        view.apply(list, puts(HERE, 2));
        view.apply(list, puts(MOVED, 3));
        view.apply(list, deletes(MOVED, 4));

        assertThat(changes)
                .containsExactly(new Added(HERE), new Changed(MOVED), new Removed(MOVED));
    }

    @Test
    void changesThatComeInOneMessageAreSeenOneByOne() {
        int list = view.replaceAll(new Listing(Map.of(), 1));
        List<Event> events = new ArrayList<>(puts(HERE, 2));
        events.addAll(deletes(HERE, 3));
        events.addAll(puts(HERE, 4));
        view.apply(list, events);

        assertThat(changes).containsExactly(new Added(HERE), new Removed(HERE), new Added(HERE));
    }

    @Test
    void aRevisionThatIsKnownAlreadyIsIgnored() {
        int list = view.replaceAll(new Listing(values(HERE), 5));
        view.apply(list, deletes(HERE, 4));
        view.apply(list, puts(MOVED, 5));

        assertThat(changes).containsExactly(new Added(HERE));
    }

    @Test
    void theWatchOfAnEarlierListIsIgnored() {
        int before = view.replaceAll(new Listing(Map.of(), 1));
        view.replaceAll(new Listing(values(HERE), 5));
        view.apply(before, deletes(HERE, 6));

        assertThat(known.list()).containsExactly(HERE);
    }

    @Test
    void aFreshListIsComparedByValue() {
        view.replaceAll(new Listing(values(HERE), 5));
        view.replaceAll(new Listing(values(HERE), 9));
        view.replaceAll(new Listing(values(MOVED), 2));

        assertThat(changes).containsExactly(new Added(HERE), new Changed(MOVED));
    }

    private static List<Event> puts(Instance instance, long revision) {
        List<Event> events = new ArrayList<>();
        values(instance)
                .forEach((key, value) -> events.add(new Event(key, Optional.of(value), revision)));
        return events;
    }

    private static List<Event> deletes(Instance instance, long revision) {
        return values(instance).keySet().stream()
                .map(key -> new Event(key, Optional.empty(), revision))
                .toList();
    }

    private static Map<String, String> values(Instance instance) {
        Map<String, String> values = new HashMap<>();
        for (InstanceRecord record : InstanceRecord.of(instance)) {
            values.put(RecordFormat.key(record), Json.write(RecordFormat.write(record)));
        }
        return values;
    }
}
