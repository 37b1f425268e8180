package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

class CacheFollowerTest {
    private static final WorkerId WORKER = new WorkerId(1);
    private static final KvEventSource SOURCE = new KvEventSource(WORKER, 10);
    private static final KvEventSource OTHER_LIFE = new KvEventSource(WORKER, 11);

    private final PackedPrefixIndex index = new PackedPrefixIndex();
    private final FeedCounters counters = new FeedCounters();
    private final CacheFollower follower = new CacheFollower(SOURCE, index, counters);

    @Test
    void asksForEverythingFirstAndThenApplies() {
        assertThat(follower.restore()).contains(KvQuery.everything(SOURCE));
        assertThat(follower.onAnswer(dump(SOURCE, 2))).isEmpty();
        assertThat(follower.onEvent(event(3))).isEmpty();

        assertHolds(1, 2, 3);
        assertThat(counters.applied.sum()).isEqualTo(1);
    }

    @Test
    void anEventOfTheDumpIsNotAppliedAgain() {
        restored(2);

        assertThat(follower.onEvent(event(2))).isEmpty();
        assertHolds(1, 2);
        assertThat(counters.ignored.sum()).isEqualTo(1);
    }

    @Test
    void aGapIsAskedFor() {
        restored(2);
        assertThat(follower.onEvent(event(5))).contains(KvQuery.from(SOURCE, 3));
        assertThat(follower.onEvent(event(6))).as("one question at a time").isEmpty();

        assertThat(follower.onAnswer(events(3, 5))).contains(KvQuery.from(SOURCE, 6));
        assertThat(follower.onAnswer(events(6, 6))).isEmpty();
        assertHolds(1, 2, 3, 4, 5, 6);
        assertThat(counters.gaps.sum()).isEqualTo(1);
    }

    @Test
    void aWorkerThatIsHeardIsNotAskedWhetherItWasMissed() {
        restored(2);
        follower.onEvent(event(3));
        assertThat(follower.audit()).isEmpty();
        assertThat(follower.audit()).contains(KvQuery.from(SOURCE, 4));
        follower.onAnswer(events(4, 4));

        assertThat(follower.audit()).as("it was not heard").contains(KvQuery.from(SOURCE, 5));
    }

    @Test
    void whatFollowsIsAppliedThoughAQuestionIsOut() {
        restored(2);
        assertThat(follower.audit()).contains(KvQuery.from(SOURCE, 3));
        follower.onEvent(event(3));
        follower.onEvent(event(4));
        assertHolds(1, 2, 3, 4);

        assertThat(follower.onAnswer(events(3, 3))).isEmpty();
        assertHolds(1, 2, 3, 4);
        assertThat(counters.applied.sum()).isEqualTo(2);
        assertThat(counters.ignored.sum()).isZero();
    }

    @Test
    void aGapBehindWhatFollowedIsAskedForAfterwards() {
        restored(2);
        follower.audit();
        follower.onEvent(event(3));
        follower.onEvent(event(5));

        assertThat(follower.onAnswer(events(3, 3))).contains(KvQuery.from(SOURCE, 4));
        assertThat(follower.onAnswer(events(4, 5))).isEmpty();
        assertHolds(1, 2, 3, 4, 5);
    }

    @Test
    void aDumpThatIsBehindWhatFollowedIsCaughtUp() {
        restored(2);
        follower.onEvent(belowNothing(3));
        for (int i = 1; i < CacheFollower.REPAIR_AUDITS; i++) {
            follower.audit();
            follower.onAnswer(events(4, 3));
        }
        assertThat(follower.audit()).contains(KvQuery.everything(SOURCE));
        follower.onEvent(event(4));

        assertThat(follower.onAnswer(dump(SOURCE, 3))).contains(KvQuery.from(SOURCE, 4));
        assertThat(follower.onAnswer(events(4, 4))).isEmpty();
        assertHolds(1, 2, 3, 4);
    }

    @Test
    void aDumpTakesThePlaceOfWhatWasKnown() {
        restored(4);
        follower.onEvent(event(9));
        follower.onAnswer(new KvAnswer.TreeDump(SOURCE, List.of(chain(7, 8)), 9));

        assertHolds(7, 8);
        assertThat(follower.onEvent(event(10))).isEmpty();
        assertHolds(7, 8, 10);
    }

    @Test
    void whatNobodyHasIsNotAskedForForEver() {
        restored(2);

        assertThat(follower.onEvent(event(1_000_000))).contains(KvQuery.from(SOURCE, 3));
        assertThat(follower.onAnswer(new KvAnswer.Events(SOURCE, List.of(), 2))).isEmpty();
        assertThat(follower.onEvent(event(3))).isEmpty();
        assertHolds(1, 2, 3);
    }

    @Test
    void aWorkerThatIsBehindIsAskedForEverything() {
        restored(9);
        follower.audit();

        assertThat(follower.onAnswer(new KvAnswer.TooNew(SOURCE, 4)))
                .contains(KvQuery.everything(SOURCE));
        follower.onAnswer(dump(SOURCE, 4));
        assertHolds(1, 2, 3, 4);
    }

    @Test
    void theAnswerOfAnotherLifeIsIgnored() {
        follower.restore();

        assertThat(follower.onAnswer(dump(OTHER_LIFE, 3))).isEmpty();
        assertHolds();
        assertThat(follower.audit()).contains(KvQuery.everything(SOURCE));
    }

    @Test
    void anAuditAsksUnlessAQuestionIsOutForNotTooLong() {
        restored(2);
        assertThat(follower.audit()).contains(KvQuery.from(SOURCE, 3));
        int silent = 0;
        while (follower.audit().isEmpty()) {
            silent++;
        }

        assertThat(silent).isEqualTo(9);
    }

    @Test
    void aQuestionWithoutAnAnswerIsAskedAgain() {
        follower.restore();
        follower.onNoAnswer();

        assertThat(follower.onEvent(event(1))).contains(KvQuery.everything(SOURCE));
        assertThat(counters.failedQueries.sum()).isEqualTo(1);
    }

    @Test
    void afterForgettingNothingIsApplied() {
        restored(2);
        follower.onEvent(event(5));
        follower.forget();
        follower.onAnswer(dump(SOURCE, 5));
        follower.onEvent(event(6));

        assertHolds();
        assertThat(follower.audit()).isEmpty();
    }

    @Test
    void anEventBelowNothingIsCounted() {
        restored(0);
        follower.onEvent(belowNothing(1));

        assertThat(counters.rejected.sum()).isEqualTo(1);
        assertThat(follower.onEvent(event(2))).isEmpty();
        assertHolds(2);
    }

    @Test
    void whoStoresBelowNothingIsAskedForEverythingNowAndThen() {
        restored(2);
        long last = 2;
        for (int repair = 0; repair < 3; repair++) {
            follower.onEvent(belowNothing(++last));
            assertThat(follower.audit()).as("it was heard").isEmpty();
            for (int i = 2; i < CacheFollower.REPAIR_AUDITS; i++) {
                assertThat(follower.audit()).contains(KvQuery.from(SOURCE, last + 1));
                follower.onAnswer(events(last + 1, last));
            }
            assertThat(follower.audit()).contains(KvQuery.everything(SOURCE));
            follower.onAnswer(dump(SOURCE, last));
        }

        assertHolds(1, 2, 3, 4, 5);
        for (int i = 0; i < 3 * CacheFollower.REPAIR_AUDITS; i++) {
            assertThat(follower.audit()).contains(KvQuery.from(SOURCE, 6));
            follower.onAnswer(events(6, 5));
        }
    }

    @Test
    void aDumpThatFindsNoRoomIsNotAskedForAgainAtOnce() {
        var full = new CacheFollower(SOURCE, index, counters);
        full.restore();
        var below = new Stored(Optional.of(new SequenceHash(99)), List.of(block(2)));

        assertThat(full.onAnswer(new KvAnswer.TreeDump(SOURCE, List.of(chain(1), below), 2)))
                .isEmpty();
        for (int i = 1; i < CacheFollower.REPAIR_AUDITS; i++) {
            assertThat(full.audit()).contains(KvQuery.from(SOURCE, 3));
            full.onAnswer(events(3, 2));
        }
        assertThat(full.audit()).as("later").contains(KvQuery.everything(SOURCE));
    }

    private static WorkerKvEvent belowNothing(long number) {
        return new WorkerKvEvent(
                SOURCE,
                number,
                new Stored(Optional.of(new SequenceHash(99)), List.of(block(number))));
    }

    private void restored(long last) {
        follower.restore();
        follower.onAnswer(dump(SOURCE, last));
    }

    private void assertHolds(long... names) {
        assertThat(index.blocks(WORKER))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.of(names).mapToObj(SequenceHash::new).toList());
    }

    /// Event number n stores block n at the root.
    private static WorkerKvEvent event(long number) {
        return new WorkerKvEvent(
                SOURCE, number, new Stored(Optional.empty(), List.of(block(number))));
    }

    private static KvAnswer events(long from, long to) {
        return new KvAnswer.Events(
                SOURCE, LongStream.rangeClosed(from, to).mapToObj(it -> event(it)).toList(), to);
    }

    private static KvAnswer dump(KvEventSource source, long last) {
        return new KvAnswer.TreeDump(
                source, LongStream.rangeClosed(1, last).mapToObj(it -> chain(it)).toList(), last);
    }

    private static Stored chain(long... names) {
        return new Stored(
                Optional.empty(), LongStream.of(names).mapToObj(CacheFollowerTest::block).toList());
    }

    private static StoredBlock block(long name) {
        return new StoredBlock(new SequenceHash(name), new BlockHash(name));
    }
}
