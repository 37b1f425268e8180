package dev.stator.engine.kvevents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.kvevents.payload.EngineEvent;
import dev.stator.engine.kvevents.payload.EngineEventBatch;
import dev.stator.engine.kvevents.payload.EngineEventReader;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.platform.codec.JsonException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

class EngineEventNormalizerTest {
    private static final Set<String> NOT_COUNTS_OF_EVENTS = Set.of("otherBlockSizeTokens");

    private final ListenerCounters counters = new ListenerCounters();
    private final EngineEventNormalizer normalizer =
            new EngineEventNormalizer(GoldenBatches.BLOCK_SIZE, counters);

    @ParameterizedTest
    @MethodSource("dev.stator.engine.kvevents.GoldenBatches#cases")
    void understandsWhatEnginesWrite(GoldenBatches.Case golden) {
        List<KvCacheEvent> events = new ArrayList<>();
        golden.payloads().forEach(it -> normalize(it, events));

        assertThat(events).isEqualTo(golden.events());
        assertThat(counted()).isEqualTo(golden.counted());
    }

    @Test
    void remembersAnotherBlockSize() {
        normalize(
                HexFormat.of().parseHex("92009195ab426c6f636b53746f7265649107c09112cc80"),
                new ArrayList<>());

        assertThat(counters.stats().otherBlockSizeTokens()).isEqualTo(128);
    }

    private void normalize(byte[] payload, List<KvCacheEvent> events) {
        EngineEventBatch batch;
        try {
            batch = EngineEventReader.read(payload);
        } catch (JsonException _) {
            counters.malformed.increment();
            return;
        }
        for (EngineEvent event : batch.events()) {
            normalizer.normalize(batch.rank().orElse(0), event).ifPresent(events::add);
        }
    }

    /// What was counted, by name.
    private Map<String, Long> counted() {
        KvListenerStats stats = counters.stats();
        Map<String, Long> counted = new TreeMap<>();
        for (RecordComponent number : KvListenerStats.class.getRecordComponents()) {
            try {
                long value = ((Number) number.getAccessor().invoke(stats)).longValue();
                if (value != 0 && !NOT_COUNTS_OF_EVENTS.contains(number.getName())) {
                    counted.put(number.getName(), value);
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return counted;
    }
}
