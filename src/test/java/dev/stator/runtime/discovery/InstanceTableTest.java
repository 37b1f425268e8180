package dev.stator.runtime.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.runtime.discovery.InstanceRecord.Described;
import dev.stator.runtime.discovery.InstanceRecord.Reachable;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

class InstanceTableTest {
    private static final Instance PLAIN =
            Instance.of(new EndpointId("test", "backend", "generate"), 1, Transport.tcp("here"));
    private static final Instance SERVING =
            PLAIN.withCard(new JsonObjectBuilder().put("display_name", "demo").build());
    private static final String REACHABLE = RecordFormat.key(new Reachable(PLAIN));
    private static final String DESCRIBED =
            RecordFormat.key(new Described(PLAIN.key(), SERVING.card().orElseThrow()));

    private final InstanceTable table = new InstanceTable();

    @Test
    void anInstanceIsThereWithItsEndpointAndHasItsCardWhenThatIsThereToo() {
        put(new Described(PLAIN.key(), SERVING.card().orElseThrow()));
        assertThat(table.get(PLAIN.key())).isEmpty();

        put(new Reachable(PLAIN));
        assertThat(table.get(PLAIN.key())).contains(SERVING);

        assertThat(table.remove(DESCRIBED)).containsExactly(PLAIN.key());
        assertThat(table.get(PLAIN.key())).contains(PLAIN);
    }

    @Test
    void variantsComeAndGoByThemselves() {
        var card = new JsonObjectBuilder().put("display_name", "my-lora").build();
        var lora = new Described(PLAIN.key(), "my-lora", card);
        put(lora);
        put(new Described(PLAIN.key(), SERVING.card().orElseThrow()));
        put(new Reachable(PLAIN));
        assertThat(table.get(PLAIN.key())).contains(SERVING.withVariants(Map.of("my-lora", card)));

        assertThat(table.remove(RecordFormat.key(lora))).containsExactly(PLAIN.key());
        assertThat(table.get(PLAIN.key())).contains(SERVING);
    }

    @Test
    void theSameValueTouchesNothing() {
        put(new Reachable(PLAIN));

        assertThat(put(new Reachable(PLAIN))).isEmpty();
        assertThat(table.remove("v1/instances/other")).isEmpty();
    }

    @Test
    void aFreshListTouchesWhatIsDifferent() {
        put(new Reachable(PLAIN));
        Instance other = Instance.of(PLAIN.endpoint(), 2, Transport.tcp("there"));
        Instance moved = Instance.of(PLAIN.endpoint(), 1, Transport.tcp("moved"));

        assertThat(table.replaceAll(values(PLAIN, other))).containsExactly(other.key());
        assertThat(table.replaceAll(values(moved, other))).containsExactly(moved.key());
        assertThat(table.get(PLAIN.key())).contains(moved);
        assertThat(table.replaceAll(Map.of())).containsExactlyInAnyOrder(moved.key(), other.key());
    }

    @Test
    void whatCannotBeReadCountsAsAbsent() {
        put(new Reachable(PLAIN));

        assertThat(table.put(REACHABLE, "{\"type\":\"Endpoint\"}")).containsExactly(PLAIN.key());
        assertThat(table.get(PLAIN.key())).isEmpty();
        assertThat(table.put("v1/elsewhere/key", "no JSON at all")).isEmpty();
    }

    private Set<Instance.Key> put(InstanceRecord record) {
        return table.put(RecordFormat.key(record), Json.write(RecordFormat.write(record)));
    }

    private static Map<String, String> values(Instance... instances) {
        Map<String, String> values = new HashMap<>();
        for (Instance instance : instances) {
            var record = new Reachable(instance);
            values.put(RecordFormat.key(record), Json.write(RecordFormat.write(record)));
        }
        return values;
    }
}
