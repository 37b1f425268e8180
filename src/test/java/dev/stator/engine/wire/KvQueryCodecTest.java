package dev.stator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

class KvQueryCodecTest {
    private static final long HASH = 0xcb38e4d7fb2dca5cL;
    private static final KvQueryCodec CODEC = new KvQueryCodec(0);
    private static final KvEventSource THEIRS = new KvEventSource(new WorkerId(42), 0);
    private static final KvEventSource THEIR_SECOND = new KvEventSource(new WorkerId(42, 1), 0);
    private static final KvEventSource OURS = new KvEventSource(new WorkerId(-3), -5);
    private static final WorkerKvEvent CLEARED = new WorkerKvEvent(THEIRS, 4, new Cleared());

    @Test
    void dynamosQuestionsAreWrittenAndReadByteForByte() {
        assertQuestion("query for everything", KvQuery.everything(THEIRS));
        assertQuestion("query from an event on", KvQuery.from(THEIRS, 17));
        assertQuestion("query to rank 1", KvQuery.from(THEIR_SECOND, 17));
    }

    @Test
    void dynamosAnswersAreWrittenAndReadByteForByte() {
        assertAnswer("events", new KvAnswer.Events(THEIRS, List.of(CLEARED), 4));
        assertAnswer("tree dump", new KvAnswer.TreeDump(THEIRS, List.of(chain(HASH)), 19));
        assertAnswer("too new", new KvAnswer.TooNew(THEIRS, 16));
        assertAnswer(
                "tree dump of rank 1",
                new KvAnswer.TreeDump(THEIR_SECOND, List.of(chain(HASH)), 19));
    }

    @ParameterizedTest
    @EnumSource
    void whichLifeOfACacheIsMeantTravelsBothWays(WireFormat format) {
        KvQuery query = KvQuery.from(OURS, 8);
        JsonField question = format.carry(CODEC.writeRequest(query));
        assertThat(CODEC.readRequest("q", question)).isEqualTo(query);

        var next = new KvEventSource(OURS.worker(), 77);
        for (KvAnswer answer :
                List.of(
                        new KvAnswer.Events(next, List.of(new WorkerKvEvent(next, 8, chain(1))), 8),
                        new KvAnswer.Events(next, List.of(), 7),
                        new KvAnswer.TreeDump(next, List.of(chain(1), chain(2)), 9),
                        new KvAnswer.TooNew(next, 3))) {
            JsonField carried = format.carry(CODEC.writeItem(answer));
            assertThat(CODEC.reader(query).read(carried)).containsExactly(answer);
        }
    }

    @Test
    void olderWorkersSendListsAlone() {
        assertThat(answers("{\"data\":{\"Events\":[%s]}}".formatted(cleared(4))))
                .containsOnly(new KvAnswer.Events(THEIRS, List.of(CLEARED), 4));
        assertThat(answers("{\"data\":{\"Events\":[]}}"))
                .containsOnly(new KvAnswer.Events(THEIRS, List.of(), 16));
        assertThat(answers("{\"data\":{\"TreeDump\":[]}}"))
                .containsOnly(new KvAnswer.TreeDump(THEIRS, List.of(), 0));
    }

    @Test
    void aDumpMayHoldBlocksOfForeignTiersAndNoEnds() {
        String below =
                """
                {"worker_id":42,"storage_tier":"external","event":{"event_id":0,"data":{"stored":
                 {"parent_hash":null,"blocks":[]}},"dp_rank":0}}\
                """;
        assertThat(answers(dump(below))).containsOnly(new KvAnswer.TreeDump(THEIRS, List.of(), 5));
        assertThatThrownBy(() -> answers(dump(cleared(1))))
                .isInstanceOf(JsonFieldException.class)
                .hasMessageContaining("stored events only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":{\"Error\":\"no such rank\"}}",
                "{\"data\":{\"InvalidRange\":{\"start_id\":5,\"end_id\":4}}}",
                "{\"data\":{\"Moved\":{}}}",
                "{\"event\":\"error\",\"comment\":[\"no\"]}"
            })
    void whatIsNoAnswerIsRefused(String json) {
        assertThatThrownBy(() -> answers(json))
                .isInstanceOf(JsonFieldException.class)
                .hasMessageContaining("data");
    }

    @Test
    void aQuestionWithoutRankIsAboutTheRankThatIsAsked() {
        JsonField question = Wire.message("{\"worker_id\":42,\"start_event_id\":17}");
        assertThat(new KvQueryCodec(1).readRequest("q", question))
                .isEqualTo(KvQuery.from(THEIR_SECOND, 17));
    }

    @Test
    void theRankOfAnEndpointIsInItsName() {
        WorkerProtocol protocol = WorkerProtocol.in("dynamo");
        assertThat(protocol.kvQuery(12).id().endpoint()).isEqualTo("worker_kv_indexer_query_dp12");
        assertThat(protocol.kvQueryRank(protocol.kvQuery(12).id())).hasValue(12);
        assertThat(protocol.kvQueryRank(protocol.generateId())).isEmpty();
        assertThat(protocol.kvQueryRank(WorkerProtocol.in("other").kvQuery(0).id())).isEmpty();
    }

    private static List<KvAnswer> answers(String json) {
        return Wire.messages(json).stream()
                .flatMap(it -> CODEC.reader(KvQuery.from(THEIRS, 17)).read(it).stream())
                .toList();
    }

    private static void assertQuestion(String name, KvQuery query) {
        Wire.assertGolden(name, query, CODEC::writeRequest, it -> CODEC.readRequest("q", it));
    }

    private static void assertAnswer(String name, KvAnswer answer) {
        Wire.assertGolden(
                name,
                answer,
                CODEC::writeItem,
                it -> CODEC.reader(KvQuery.everything(answer.source())).read(it).getFirst());
    }

    private static Stored chain(long hash) {
        return new Stored(
                Optional.empty(),
                List.of(new StoredBlock(new SequenceHash(hash), new BlockHash(hash))));
    }

    private static String dump(String event) {
        return "{\"data\":{\"TreeDump\":{\"events\":[%s],\"last_event_id\":5}}}".formatted(event);
    }

    private static String cleared(int number) {
        return "{\"worker_id\":42,\"event\":{\"event_id\":%d,\"data\":\"cleared\"}}"
                .formatted(number);
    }
}
