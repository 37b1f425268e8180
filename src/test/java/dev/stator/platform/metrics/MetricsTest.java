package dev.stator.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class MetricsTest {
    private final Metrics metrics = Metrics.withPrefix("house");

    @Test
    void everyKindAppearsUnderItsPrefixWithItsLabels() {
        metrics.counter("visits_total", "Visits", "door", "day").with("front", "monday").add(3);
        Gauge guests = metrics.gauge("guests", "Guests").with();
        guests.increment();
        guests.increment();
        guests.decrement();
        metrics.gauge("warmth", "Degrees", () -> 21.5);
        Histogram stay = metrics.histogram("stay_seconds", "Stay", new double[] {1, 10}).with();
        stay.observe(0.5);
        stay.observe(5);

        assertThat(metrics.text())
                .contains("# TYPE house_visits_total counter")
                .contains("house_visits_total{day=\"monday\",door=\"front\"} 3.0")
                .contains("house_guests 1.0")
                .contains("house_warmth 21.5")
                .contains("house_stay_seconds_bucket{le=\"1.0\"} 1")
                .contains("house_stay_seconds_bucket{le=\"10.0\"} 2")
                .contains("house_stay_seconds_sum 5.5");
    }

    @Test
    void valuesAreReadWhenTheyAreShown() {
        Map<List<String>, Double> waiting = new HashMap<>();
        metrics.gauges("waiting", "Who waits", List.of("model", "kind"), () -> waiting);
        metrics.gauges("beds", "Beds", "room", () -> Map.of("blue", 2.0));
        waiting.put(List.of("m", "a"), 3.0);

        assertThat(metrics.text())
                .contains("house_waiting{kind=\"a\",model=\"m\"} 3.0")
                .contains("house_beds{room=\"blue\"} 2.0");
    }

    @Test
    void childrenAreHeldAndReadBack() {
        Labelled<Counter> visits = metrics.counter("visits_total", "Visits", "door");
        visits.with("front").increment();
        visits.with("front").increment();

        assertThat(visits.with("front").value()).isEqualTo(2);
        assertThat(visits.with("front")).isSameAs(visits.with("front"));
        assertThatThrownBy(visits::with)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 label values expected: []");
    }

    @Test
    void instancesDoNotShareAndRenamedOnesDo() {
        metrics.counter("visits_total", "Visits").with().increment();
        Metrics other = Metrics.withPrefix("house");
        other.counter("visits_total", "Visits").with();
        metrics.renamed("garden").gauge("trees", "Trees").with().set(4);

        assertThat(other.text()).contains("house_visits_total 0.0").doesNotContain("garden");
        assertThat(metrics.text()).contains("house_visits_total 1.0").contains("garden_trees 4.0");
    }

    @Test
    void theMachineCanBeShown() {
        assertThat(metrics.withJvm().text()).contains("jvm_memory_used_bytes");
    }

    @Test
    void aPrefixMustBeAName() {
        assertThatThrownBy(() -> Metrics.withPrefix("a-b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a-b");
    }
}
