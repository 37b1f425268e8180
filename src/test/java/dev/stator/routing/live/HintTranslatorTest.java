package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.RouterOverrides;
import dev.stator.engine.hints.TaintRules;
import dev.stator.engine.hints.Urgency;
import dev.stator.engine.hints.WorkerPins;
import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.hints.WorkerPin;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

class HintTranslatorTest {

    @Test
    void theRouterHearsWhatConcernsIt() {
        var pins =
                new WorkerPins(
                        OptionalLong.of(7),
                        OptionalLong.empty(),
                        OptionalInt.of(1),
                        OptionalLong.of(9),
                        OptionalInt.empty());
        var hints =
                new RequestHints(
                        Optional.of("s"),
                        Optional.of("tenant"),
                        new Urgency(1, 2),
                        OptionalInt.of(100),
                        pins,
                        new TaintRules(Set.of("a"), Map.of("b", 1.0)),
                        new RouterOverrides(
                                OptionalDouble.of(0.5),
                                OptionalDouble.empty(),
                                OptionalDouble.of(2),
                                OptionalDouble.empty(),
                                Optional.of(true),
                                Optional.empty()),
                        Optional.empty(),
                        Set.of());

        RoutingHints heard = HintTranslator.routing(hints);

        assertThat(heard.session()).contains("s");
        assertThat(heard.expectedOutputTokens()).hasValue(100);
        assertThat(heard.taints().required()).containsExactly("a");
        assertThat(heard.taints().preferred()).containsEntry("b", 1.0);
        assertThat(heard.overrides().overlapScoreCredit()).hasValue(0.5);
        assertThat(heard.overrides().temperature()).hasValue(2);
        assertThat(heard.overrides().assumeKvReuse()).contains(true);
        WorkerPin pin = heard.pin().orElseThrow();
        assertThat(pin.admits(new WorkerId(7, 1))).isTrue();
        assertThat(pin.admits(new WorkerId(7, 0))).isFalse();
        assertThat(pin.admits(new WorkerId(8, 1))).isFalse();
        assertThat(HintTranslator.routing(RequestHints.NONE)).isEqualTo(RoutingHints.NONE);
    }
}
