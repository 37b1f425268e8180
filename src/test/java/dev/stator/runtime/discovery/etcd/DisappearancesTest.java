package dev.stator.runtime.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.KnownInstances;
import dev.stator.runtime.discovery.Transport;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

class DisappearancesTest {
    private static final Duration GRACE = Duration.ofSeconds(12);

    private final KnownInstances known = new KnownInstances();
    private boolean isReachable = true;
    private long nowNanos;
    private final Disappearances disappearances =
            new Disappearances(known, _ -> isReachable, GRACE, () -> nowNanos);

    @Test
    void oneThatLeavesIsGone() {
        show(1);
        leave(1);

        assertShown();
    }

    @Test
    void halfOfThemMayLeaveAtOnce() {
        show(1, 2, 3, 4);
        leave(1, 2);

        assertShown(3, 4);
    }

    @Test
    void moreThanHalfAreShownUntilTheyHadTimeToComeBack() {
        show(1, 2, 3);
        leave(1, 2);
        pass(GRACE.minusMillis(1));
        assertShown(1, 2, 3);

        pass(Duration.ofMillis(1));
        assertShown(3);
    }

    @Test
    void onesThatLeaveShortlyAfterEachOtherLeaveAtOnce() {
        show(1, 2);
        leave(1);
        pass(Disappearances.AT_ONCE);
        leave(2);

        assertShown(2);
    }

    @Test
    void onesThatLeaveLaterDoNot() {
        show(1, 2);
        leave(1);
        pass(Disappearances.AT_ONCE.plusMillis(1));
        leave(2);

        assertShown();
    }

    @Test
    void theEndpointsOfOneProcessAreNoCrowd() {
        show(1);
        known.put(instance("other", 1));
        disappearances.left(
                List.of(instance("generate", 1).key(), instance("other", 1).key()), false);

        assertShown();
    }

    @Test
    void anEmptyStoreIsNotBelieved() {
        show(1);
        disappearances.left(List.of(instance("generate", 1).key()), true);
        assertShown(1);

        pass(GRACE);
        assertShown();
    }

    @Test
    void whoIsUnreachableIsGone() {
        show(1, 2);
        leave(1, 2);
        isReachable = false;
        pass(Duration.ZERO);

        assertShown();
    }

    @Test
    void whoCameBackIsNotInDoubt() {
        show(1, 2);
        leave(1, 2);
        disappearances.isThere(instance("generate", 2).key());
        pass(GRACE);

        assertShown(2);
    }

    private void show(long... ids) {
        LongStream.of(ids).forEach(id -> known.put(instance("generate", id)));
    }

    private void leave(long... ids) {
        disappearances.left(
                LongStream.of(ids).mapToObj(id -> instance("generate", id).key()).toList(), false);
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
        disappearances.settle();
    }

    private void assertShown(long... ids) {
        assertThat(known.list().stream().mapToLong(Instance::instanceId).toArray())
                .containsExactly(ids);
    }

    private static Instance instance(String endpoint, long id) {
        return Instance.of(new EndpointId("test", "backend", endpoint), id, Transport.tcp("here"));
    }
}
