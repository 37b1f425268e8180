package dev.stator.engine.kvevents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.kvevents.Frames.Batch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

class BatchSequencerTest {
    private final Log log = new Log();
    private final BatchSequencer replaying = new BatchSequencer(true, log);
    private final BatchSequencer plain = new BatchSequencer(false, log);

    @Test
    void batchesInOrderAreApplied() {
        live(plain, 0, 1, 2);

        assertThat(log.lines).containsExactly("0", "1", "2");
    }

    @Test
    void withoutReplayAGapIsALoss() {
        live(plain, 0, 3, 4);

        assertThat(log.lines).containsExactly("0", "lost 2", "3", "4");
    }

    @Test
    void withoutReplayALateListenerBeginsWhereItIs() {
        live(plain, 5, 6);

        assertThat(log.lines).containsExactly("5", "6");
    }

    @Test
    void aReplayFillsAGapWhileLiveBatchesWait() {
        live(replaying, 0, 3, 4);
        assertThat(log.lines).containsExactly("0", "ask 1");
        replayed(1, 2, 3);
        live(replaying, 5);
        replaying.replayEnded();
        live(replaying, 6);

        assertThat(log.lines).containsExactly("0", "ask 1", "1", "2", "3", "4", "5", "6");
    }

    @Test
    void liveBatchesThatAReplayBroughtArePassedOver() {
        live(replaying, 0, 2);
        replayed(1, 2, 3, 4, 5);
        replaying.replayEnded();
        live(replaying, 3, 4, 5, 6);

        assertThat(log.lines).containsExactly("0", "ask 1", "1", "2", "3", "4", "5", "6");
    }

    @Test
    void aLateListenerAsksForTheBeginning() {
        live(replaying, 2);
        replayed(0, 1, 2);
        replaying.replayEnded();

        assertThat(log.lines).containsExactly("ask 0", "0", "1", "2");
    }

    @Test
    void whatAReplayDoesNotBringIsALoss() {
        live(replaying, 0, 5);
        replayed(3, 4);
        replaying.replayEnded();
        live(replaying, 6);

        assertThat(log.lines).containsExactly("0", "ask 1", "lost 2", "3", "4", "5", "6");
    }

    @Test
    void aGapAmongTheBatchesThatWaitIsAskedForInTurn() {
        live(replaying, 0, 2, 5);
        replayed(1, 2);
        replaying.replayEnded();
        replayed(3, 4, 5);
        replaying.replayEnded();

        assertThat(log.lines).containsExactly("0", "ask 1", "1", "2", "ask 3", "3", "4", "5");
    }

    @Test
    void anEmptyReplayIsALoss() {
        live(replaying, 0, 5);
        replaying.replayEnded();
        replayed(1);
        replaying.replayEnded();

        assertThat(log.lines).containsExactly("0", "ask 1", "lost 4", "5");
    }

    @Test
    void numbersThatGoBackAreANewBeginning() {
        live(plain, 0, 1, 2, 0, 1);

        assertThat(log.lines).containsExactly("0", "1", "2", "restarted", "0", "1");
    }

    @Test
    void aNewBeginningDuringAReplayIsOneToo() {
        live(replaying, 0, 5, 0, 1, 3);
        replayed(2);
        replaying.replayEnded();

        assertThat(log.lines)
                .containsExactly("0", "ask 1", "restarted", "0", "1", "ask 2", "2", "3");
    }

    @Test
    void aNewBeginningThatIsHeardLateIsReplayed() {
        live(replaying, 7);
        replaying.replayEnded();
        live(replaying, 3);
        replayed(0, 1, 2);
        replaying.replayEnded();

        assertThat(log.lines)
                .containsExactly("ask 0", "lost 7", "7", "restarted", "ask 0", "0", "1", "2", "3");
    }

    @Test
    void anEndlessReplayIsGivenUp() {
        live(replaying, 0);
        for (int i = 0; i <= BatchSequencer.HELD_BATCHES_MAX; i++) {
            live(replaying, i + 2);
        }

        assertThat(log.lines).startsWith("0", "ask 1", "lost 1", "2", "3");
        assertThat(log.lines).hasSize(4 + BatchSequencer.HELD_BATCHES_MAX);
    }

    @Test
    void whatTheEngineKeepsIsRepeatedWhileLiveBatchesWait() {
        live(replaying, 0, 1, 2);
        assertThat(replaying.repeat()).isTrue();
        live(replaying, 3, 4);
        replayed(1, 2, 3);
        replaying.replayEnded();
        live(replaying, 5);

        assertThat(log.lines)
                .containsExactly("0", "1", "2", "ask 0", "1", "2", "3", "repeated", "4", "5");
    }

    @Test
    void aRepetitionThatBreaksOffGoesOnWhereItStopped() {
        live(replaying, 0, 1, 2, 3);
        replaying.repeat();
        replayed(1);
        replaying.replayEnded();
        replayed(2, 3);
        replaying.replayEnded();

        assertThat(log.lines)
                .containsExactly("0", "1", "2", "3", "ask 0", "1", "ask 2", "2", "3", "repeated");
    }

    @Test
    void aRepetitionThatIsNeverCompleteIsALoss() {
        live(replaying, 0, 1, 2, 3);
        replaying.repeat();
        replayed(1);
        replaying.replayEnded();
        replaying.replayEnded();
        live(replaying, 4);

        assertThat(log.lines)
                .containsExactly(
                        "0", "1", "2", "3", "ask 0", "1", "ask 2", "lost 2", "repeated", "4");
    }

    @Test
    void aRepetitionOfNothingChangesNothing() {
        live(replaying, 0, 1);
        replaying.repeat();
        live(replaying, 2);
        replaying.replayEnded();

        assertThat(log.lines).containsExactly("0", "1", "ask 0", "repeated", "2");
    }

    @Test
    void aNewBeginningEndsARepetition() {
        live(replaying, 0, 1, 2);
        replaying.repeat();
        replayed(1);
        live(replaying, 0, 1);

        assertThat(log.lines)
                .containsExactly("0", "1", "2", "ask 0", "1", "restarted", "repeated", "0", "1");
    }

    @Test
    void nothingIsRepeatedThatWasNotHeardOrIsNotKept() {
        live(plain, 0);
        assertThat(plain.repeat()).isFalse();
        assertThat(replaying.repeat()).isFalse();
        live(replaying, 0, 2);
        assertThat(replaying.repeat()).as("a replay is on its way").isFalse();
    }

    /// A lossy way, a replay buffer that may be too short, and answers that overtake or lag behind.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void everyBatchIsAppliedOnceInOrderOrReportedLost(long seed) {
        var random = new SplittableRandom(seed);
        int count = random.nextInt(1, 60);
        int buffer = random.nextInt(1, 30);
        var way = new ArrayDeque<Integer>(); // live batches still to arrive
        var answers = new ArrayDeque<Integer>();
        boolean canReplay = random.nextBoolean();
        var sequencer = new BatchSequencer(canReplay, log);
        int published = 0;
        while (published < count || !way.isEmpty() || log.isAsking) {
            int choice = random.nextInt(3);
            if (random.nextInt(10) == 0 && sequencer.repeat()) {
                log.lines.add("repeat");
            }
            if (choice == 0 && published < count) {
                way.add(published++);
                dropLast(way, random.nextInt(8) == 0);
            } else if (choice == 1 && !way.isEmpty()) {
                live(sequencer, way.remove());
            } else if (choice == 2) {
                answer(sequencer, answers, published, buffer);
            }
        }

        log.checkOrder();
        if (canReplay && buffer >= count) {
            assertThat(log.lines).noneMatch(it -> it.startsWith("lost"));
        }
    }

    private static void dropLast(Deque<Integer> way, boolean isLost) {
        if (isLost) {
            way.removeLast();
        }
    }

    /// Gives the next answer; the first is made when it is asked for.
    private void answer(
            BatchSequencer sequencer, Deque<Integer> answers, int published, int buffer) {
        if (!log.isAsking) {
            return;
        }
        if (log.asked >= 0) {
            for (int i = (int) Math.max(log.asked, published - buffer); i < published; i++) {
                answers.add(i);
            }
            log.asked = -1;
        }
        if (answers.isEmpty()) {
            log.isAsking = false;
            sequencer.replayEnded();
        } else {
            sequencer.replayed(batch(answers.remove()));
        }
    }

    private static void live(BatchSequencer sequencer, int... sequences) {
        for (int sequence : sequences) {
            sequencer.live(batch(sequence));
        }
    }

    private void replayed(int... sequences) {
        for (int sequence : sequences) {
            replaying.replayed(batch(sequence));
        }
    }

    private static Batch batch(int sequence) {
        return new Batch(sequence, new byte[0]);
    }

    private static final class Log implements BatchSequencer.Steps {
        private final List<String> lines = new ArrayList<>();
        private long asked = -1;
        private boolean isAsking;

        @Override
        public void apply(Batch batch) {
            lines.add("" + batch.sequence());
        }

        @Override
        public void askReplay(long first) {
            lines.add("ask " + first);
            asked = first;
            isAsking = true;
        }

        @Override
        public void repeated() {
            lines.add("repeated");
        }

        @Override
        public void lost(long batches) {
            lines.add("lost " + batches);
        }

        @Override
        public void restarted() {
            lines.add("restarted");
        }

        /// From the first batch on, every number was applied or is part of a loss. A repetition
        /// goes back, and over once it is where it was.
        void checkOrder() {
            long next = -1;
            long before = -1; // the next number when a repetition began
            boolean goesBack = false;
            for (String line : lines) {
                if (line.equals("repeat")) {
                    before = next;
                    goesBack = true;
                } else if (line.equals("repeated")) {
                    assertThat(next).isGreaterThanOrEqualTo(before);
                    goesBack = false;
                } else if (line.startsWith("lost")) {
                    next = next < 0 ? -1 : next + Long.parseLong(line.substring(5));
                } else if (!line.startsWith("ask")) {
                    assertThat(line).isNotEqualTo("restarted");
                    long sequence = Long.parseLong(line);
                    if (goesBack) {
                        assertThat(sequence).isLessThanOrEqualTo(next);
                    } else {
                        assertThat(sequence).isEqualTo(next < 0 ? sequence : next);
                    }
                    goesBack = false;
                    next = sequence + 1;
                }
            }
        }
    }
}
