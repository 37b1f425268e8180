package dev.stator.routing.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.WorkerLoad.Pace;
import dev.stator.tokens.TokenBlocks;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalInt;

/// What is learned while prefills come and go, on a clock of our own.
class WorkerPaceTest {
    private static final WorkerId ALICE = new WorkerId(1);
    private static final WorkerId BOB = new WorkerId(2);
    private static final Offset<Double> CLOSELY = within(1e-6);
    private static final TokenBlocks NONE = TokenBlocks.of(16);

    private long nanos = 1_000_000_000L;
    private int requests;
    private final ActiveSequences active = new ActiveSequences(false, () -> nanos);
    private final Roster alice = new Roster(List.of(ALICE));

    @Test
    void aBookedPrefillIsWaitedForUntilItIsDone() {
        double seconds = Speeds.PRIOR.prefillSeconds(10_000, 0);
        Booking booking = book(ALICE, 10_000);
        assertThat(pace(ALICE).waitSeconds()).isCloseTo(seconds, CLOSELY);

        pass(seconds / 4);
        assertThat(pace(ALICE).waitSeconds()).isCloseTo(seconds * 3 / 4, CLOSELY);
        booking.prefillCompleted();
        assertThat(pace(ALICE).waitSeconds()).isZero();
    }

    @Test
    void anOverduePrefillMayBeDoneAtAnyMomentButThoseBehindItStillTakeTheirTime() {
        double seconds = Speeds.PRIOR.prefillSeconds(10_000, 0);
        book(ALICE, 10_000);
        book(ALICE, 10_000);
        pass(100 * seconds);

        assertThat(pace(ALICE).waitSeconds()).isCloseTo(seconds, CLOSELY);
    }

    @Test
    void timeSpentBehindOthersIsNotTakenForOnesOwn() {
        Booking first = book(ALICE, 10_000);
        Booking second = book(ALICE, 10_000);
        double seconds = Speeds.PRIOR.prefillSeconds(10_000, 0);
        pass(seconds);
        first.prefillCompleted();
        pass(seconds);
        second.prefillCompleted();

        assertThat(active.speeds().prefillSeconds(10_000, 0))
                .isCloseTo(seconds, within(seconds / 100));
    }

    @Test
    void aSlowWorkerIsToldFromAFastOne() {
        for (int i = 0; i < 200; i++) {
            prefill(ALICE, 5_000, 0.3);
            prefill(BOB, 5_000, 0.1);
        }

        double ratio = pace(ALICE).slowness() / pace(BOB).slowness();
        assertThat(ratio).isBetween(2.0, 3.2);
        double alice = pace(ALICE).slowness() * active.speeds().prefillSeconds(5_000, 0);
        assertThat(alice).isCloseTo(0.3, within(0.06));
    }

    @Test
    void whatTheWorkerFoundCachedIsBelievedMoreThanWhatWasExpected() {
        for (int i = 0; i < 200; i++) {
            Booking booking = book(ALICE, 10_000);
            pass(0.05);
            booking.prefillCompleted(OptionalInt.of(9_000));
        }

        assertThat(active.speeds().prefillSeconds(1_000, 9_000)).isCloseTo(0.05, within(0.01));
    }

    @Test
    void aRequestThatWasReleasedBeforeItsPrefillIsNotWaitedFor() {
        Booking first = book(ALICE, 10_000);
        book(ALICE, 10_000);
        first.close();

        assertThat(pace(ALICE).waitSeconds())
                .isCloseTo(Speeds.PRIOR.prefillSeconds(10_000, 0), CLOSELY);
        active.checkInvariants();
    }

    @Test
    void tokensAndAnswersAreTimed() {
        for (int i = 0; i < 300; i++) {
            Booking booking = book(ALICE, 100);
            booking.prefillCompleted();
            for (int t = 0; t < 51; t++) {
                booking.tokenProduced();
            }
            pass(50 * 0.03);
            booking.close();
        }

        assertThat(active.speeds().tokenSeconds(1)).isCloseTo(0.03, within(0.001));
        assertThat(active.speeds().outputTokens()).isCloseTo(51, within(0.5));
    }

    @Test
    void wearFadesWithinHours() {
        book(ALICE, 10_000).close();
        assertThat(pace(ALICE).wearTokens()).isCloseTo(10_000, CLOSELY);
        pass(3_600);
        assertThat(pace(ALICE).wearTokens()).isCloseTo(5_000, CLOSELY);

        pass(7 * 24 * 3_600);
        book(BOB, 1);
        assertThat(pace(ALICE)).isEqualTo(Pace.IDLE);
    }

    @Test
    void wearFadesEvenlyWhereverTimeBeginsAnew() {
        book(ALICE, 10_000).close();
        for (int hours = 1; hours <= 10; hours++) {
            pass(3_600);
            assertThat(pace(ALICE).wearTokens()).isCloseTo(10_000 / Math.pow(2, hours), CLOSELY);
        }
        book(ALICE, 10_000);
        double seconds = Speeds.PRIOR.prefillSeconds(10_000, 0);
        assertThat(pace(ALICE).busy()).isCloseTo(seconds * Math.log(2) / 60, CLOSELY);
    }

    /// A third of the time, from the first seconds on, not of a minute that has not passed yet.
    @Test
    void howBusyAWorkerIsCountsFromTheBeginning() {
        double seconds = Speeds.PRIOR.prefillSeconds(10_000, 0);
        book(ALICE, 10_000);
        assertThat(pace(ALICE).busy()).isCloseTo(seconds / 5, CLOSELY);
        for (int i = 1; i < 10; i++) {
            pass(3 * seconds);
            book(ALICE, 10_000);
        }
        pass(3 * seconds);
        assertThat(pace(ALICE).busy()).isCloseTo(1.0 / 3, within(0.02));
    }

    private void prefill(WorkerId worker, int tokens, double seconds) {
        Booking booking = book(worker, tokens);
        pass(seconds);
        booking.prefillCompleted();
        booking.close();
    }

    private Booking book(WorkerId worker, int tokens) {
        var demand = new Demand("r" + requests++, tokens, NONE, OptionalInt.empty());
        return active.book(worker, demand, 0);
    }

    private Pace pace(WorkerId worker) {
        return active.loads(NONE, worker.equals(ALICE) ? alice : new Roster(List.of(worker)))
                .get(0)
                .pace();
    }

    private void pass(double seconds) {
        nanos += Math.round(seconds * 1e9);
    }
}
