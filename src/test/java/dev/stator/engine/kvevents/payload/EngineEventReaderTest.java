package dev.stator.engine.kvevents.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.kvevents.GoldenBatches;
import dev.stator.engine.kvevents.payload.EngineEvent.BlockStored;
import dev.stator.platform.codec.JsonException;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

class EngineEventReaderTest {
    private static final List<byte[]> GOLDEN =
            GoldenBatches.cases().stream().flatMap(it -> it.payloads().stream()).toList();

    @Test
    void readsTheWorkedExample() {
        EngineEventBatch batch = read(EngineEventWriterTest.WORKED_EXAMPLE);

        assertThat(batch.timestampSeconds()).isEqualTo(1_700_000_000.5);
        assertThat(batch.rank()).hasValue(0);
        assertThat(batch.events())
                .containsExactly(
                        new BlockStored(
                                List.of(new SequenceHash(0xcb38e4d7fb2dca5cL)),
                                Optional.empty(),
                                TokenIds.of(1, 2, 3, 4),
                                4,
                                false,
                                CacheNamespace.SHARED,
                                List.of(),
                                EventScope.DEVICE));
    }

    @Test
    void aBatchMayNameNoRank() {
        assertThat(read("92cb41d954fc4020000090").rank()).isEqualTo(OptionalInt.empty());
    }

    @Test
    void refusesEveryTruncation() {
        for (byte[] payload : GOLDEN) {
            for (int length = 0; length < payload.length; length++) {
                byte[] truncated = Arrays.copyOf(payload, length);

                assertThatThrownBy(() -> EngineEventReader.read(truncated))
                        .isInstanceOf(JsonException.class);
            }
        }
    }

    @Test
    void refusesWhatFollows() {
        for (byte[] payload : GOLDEN) {
            assertThatThrownBy(
                            () ->
                                    EngineEventReader.read(
                                            Arrays.copyOf(payload, payload.length + 1)))
                    .isInstanceOf(JsonException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c0", // nil
                "90", // an empty batch
                "91cb41d954fc40200000", // no events
                "81a2747301", // a named batch without events
                "92a17890", // a text for a time
                "9200c0", // nil for events
                "92009190", // an empty event
                "92009180", // a named event without type
                "920091a161", // a text for an event
                "92009191ab426c6f636b53746f726564", // BlockStored and nothing more
                "92009191ac426c6f636b52656d6f766564", // BlockRemoved and nothing more
                "92009195ab426c6f636b53746f7265649107c0910100", // block size 0
                "92009195ab426c6f636b53746f7265649107c0c004", // nil for tokens
                "92009195ab426c6f636b53746f7265649107c09193010203", // triples for tokens
                "92009192ac426c6f636b52656d6f76656491a161", // a text for a hash
                "92009192ac426c6f636b52656d6f766564ddffffffff", // more hashes than there are bytes
                "9200ddffffffff" // more events than there are bytes
            })
    void refusesWhatIsNoBatch(String hex) {
        assertThatThrownBy(() -> read(hex)).isInstanceOf(JsonException.class);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void damagedPayloadsAreRefusedOrMeanSomethingElse(long seed) {
        var random = new SplittableRandom(seed);
        for (byte[] payload : GOLDEN) {
            byte[] damaged = payload.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            assertRefusedOrRead(damaged);
        }
        for (int i = 0; i < 20; i++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            assertRefusedOrRead(garbage);
        }
    }

    private static void assertRefusedOrRead(byte[] payload) {
        try {
            assertThat(EngineEventReader.read(payload)).isNotNull();
        } catch (JsonException e) {
            assertThat(e).hasMessageContaining(" ");
        }
    }

    private static EngineEventBatch read(String hex) {
        return EngineEventReader.read(HexFormat.of().parseHex(hex));
    }
}
