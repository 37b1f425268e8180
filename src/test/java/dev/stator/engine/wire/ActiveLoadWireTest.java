package dev.stator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.runtime.events.EventCodec;

import org.junit.jupiter.api.Test;

import java.util.OptionalLong;

class ActiveLoadWireTest {
    private static final EventCodec<ActiveLoad> CODEC = WorkerProtocol.in("dynamo").loads().codec();

    @Test
    void dynamosLoadsAreWrittenAndReadByteForByte() {
        assertGolden("load of a worker", ActiveLoad.used(new WorkerId(42), 12));
        assertGolden(
                "load by a router",
                new ActiveLoad(
                        new WorkerId(42, 1),
                        OptionalLong.of(40),
                        OptionalLong.of(512),
                        OptionalLong.empty()));
    }

    @Test
    void olderAndNewerMembersAreUnderstood() {
        String older = "{\"worker_id\":42,\"active_decode_blocks\":3,\"waiting_requests\":1}";
        assertThat(CODEC.dynamo().read(Wire.message(older)))
                .isEqualTo(
                        new ActiveLoad(
                                new WorkerId(42),
                                OptionalLong.of(3),
                                OptionalLong.empty(),
                                OptionalLong.empty()));
    }

    @Test
    void everyScopeOfDynamosReleasesIsHeard() {
        assertThat(CODEC.dynamo().patterns())
                .containsExactly(
                        "namespace.dynamo.component.backend.endpoint.generate.kv_metrics",
                        "namespace.dynamo.component.backend.kv_metrics",
                        "namespace.dynamo.kv_metrics");
        assertThat(CODEC.dynamo().subject(ActiveLoad.used(new WorkerId(42), 12)))
                .isEqualTo(CODEC.dynamo().patterns().getFirst());
    }

    private static void assertGolden(String name, ActiveLoad load) {
        Wire.assertGolden(name, load, CODEC.dynamo()::write, CODEC.dynamo()::read);
    }
}
