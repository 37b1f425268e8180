package dev.stator.routing.eligibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

class PreferenceTest {
    private static final Preference NEAR = new Preference(Map.of("near", 1.0, "far", -1.0));

    @Test
    void whatIsPreferredIsCheaperAndWhatIsAvoidedDearer() {
        assertThat(NEAR.factor(Set.of("near"))).isCloseTo(0.466921, within(1e-6));
        assertThat(NEAR.factor(Set.of("far"))).isCloseTo(2.141688, within(1e-6));
    }

    @Test
    void oppositePreferencesCancel() {
        assertThat(NEAR.factor(Set.of("near", "far"))).isEqualTo(1);
        assertThat(NEAR.factor(Set.of("other"))).isEqualTo(1);
        assertThat(new Preference(Map.of()).factor(Set.of("near"))).isEqualTo(1);
    }

    @Test
    void evenTheStrongestPreferenceIsBounded() {
        var strong = new Preference(Map.of("near", 1_000.0));
        assertThat(strong.factor(Set.of("near"))).isCloseTo(Math.exp(-1), within(1e-9));
    }
}
