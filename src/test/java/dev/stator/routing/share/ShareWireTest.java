package dev.stator.routing.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.wire.Wire;
import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.routing.affinity.Bond;
import dev.stator.routing.affinity.SessionTable.Version;
import dev.stator.routing.rebalance.Rebalance;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.EventCodec;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

class ShareWireTest {
    private static final EndpointId WORKERS = new EndpointId("dynamo", "backend", "generate");
    private static final EventCodec<SessionBound> SESSIONS = ShareTopics.sessions(WORKERS).codec();
    private static final EventCodec<Replicated> REBALANCES =
            ShareTopics.rebalances(WORKERS).codec();
    private static final String REPLICATED =
            """
            {"type":"PrefixReplicated","router_id":18446744073709551615,
             "at":"2026-01-31T12:00:00Z","reason":"the holder is overloaded",
             "from":{"worker_id":42,"dp_rank":0},"to":{"worker_id":43,"dp_rank":1},
             "wait_seconds":1.5,
             "prefix":{"sequence_hash":%s,"blocks":2,"block_size":16,"block_hashes":[3,4]}}\
            """;

    @Test
    void subjectsAreThoseOfTheLayouts() {
        assertThat(REBALANCES.readable().patterns()).containsExactly("dynamo.router.rebalance");
        assertThat(SESSIONS.readable().patterns()).containsExactly("dynamo.router.sessions");
        assertThat(SESSIONS.dynamo().patterns())
                .containsExactly(
                        "namespace.dynamo.component.backend.endpoint.generate"
                                + ".session_affinity_events");
    }

    @Test
    void aReplicationIsReadableAndReadBack() {
        var prefix = TokenBlocks.of(16, 3, 4);
        var event =
                new Replicated(
                        -1,
                        new Rebalance(prefix, new WorkerId(42), new WorkerId(43, 1), 1.5),
                        Instant.parse("2026-01-31T12:00:00Z"));
        String json = REPLICATED.formatted(Long.toUnsignedString(prefix.sequenceHash(1)));
        for (JsonField carried : Wire.messages(json)) {
            assertThat(REBALANCES.readable().read(carried)).isEqualTo(event);
            assertThat(REBALANCES.readable().write(event)).isEqualTo(carried.value());
        }
    }

    @Test
    void aBindingIsDynamosWithOneMemberMore() {
        var event =
                new SessionBound(
                        "chat-7", new Bond(new WorkerId(42, 1), 1_600), new Version(9, -1));
        for (JsonField carried :
                Wire.messages(
                        """
                        {"session_id":"chat-7","worker_id":42,"dp_rank":1,"sequence":9,
                         "writer_id":18446744073709551615,"context_tokens":1600}\
                        """)) {
            assertThat(SESSIONS.dynamo().read(carried)).isEqualTo(event);
            assertThat(SESSIONS.dynamo().write(event)).isEqualTo(carried.value());
        }
    }

    @Test
    void whatDynamoLeavesOutIsUnderstood() {
        for (JsonField carried :
                Wire.messages(
                        """
                        {"session_id":"a","worker_id":42,"dp_rank":null,"sequence":9,"writer_id":1}\
                        """)) {
            assertThat(SESSIONS.dynamo().read(carried).bond())
                    .isEqualTo(new Bond(new WorkerId(42), 0));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "PrefixReplicated"      | "Booked"     | type
                    2026-01-31T12:00:00Z    | noon         | at
                    [3,4]                   | []           | prefix.block_hashes
                    "block_size":16         | "block_size":0 | prefix.block_size
                    """)
    void complaintsNameTheMember(String good, String bad, String member) {
        String json = REPLICATED.formatted("7").replace(good, bad);
        assertThatThrownBy(() -> Wire.messages(json).forEach(REBALANCES.readable()::read))
                .isInstanceOf(JsonFieldException.class)
                .extracting(it -> ((JsonFieldException) it).path())
                .isEqualTo(member);
    }
}
