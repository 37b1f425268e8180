package dev.stator.platform.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The metrics of one process, or of one part of it under a name prefix. Thread-safe.
///
/// A registry of its own per instance, so that several processes' worth can live in one JVM.
public final class Metrics {
    /// The content type of `text`.
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusRegistry registry;
    private final String prefix;

    private Metrics(PrometheusRegistry registry, String prefix) {
        this.registry = registry;
        this.prefix = prefix;
    }

    /// An empty registry. Throws `IllegalArgumentException` when `prefix` is not a metric name.
    public static Metrics withPrefix(String prefix) {
        return new Metrics(new PrometheusRegistry(), checked(prefix));
    }

    /// The same registry, naming what is made from now on by another prefix.
    public Metrics renamed(String otherPrefix) {
        return new Metrics(registry, checked(otherPrefix));
    }

    /// Adds the JVM's own metrics (`jvm_…`, `process_…`). Once per registry.
    public Metrics withJvm() {
        JvmMetrics.builder().register(registry);
        return this;
    }

    /// A count that only grows; `name` ends in `_total`.
    public Labelled<Counter> counter(String name, String help, String... labels) {
        var metric =
                io.prometheus.metrics.core.metrics.Counter.builder()
                        .name(prefix + "_" + name)
                        .help(help)
                        .labelNames(labels)
                        .register(registry);
        return new Labelled<>(labels, values -> new Counter(metric.labelValues(values)));
    }

    /// A value that goes up and down.
    public Labelled<Gauge> gauge(String name, String help, String... labels) {
        var metric =
                io.prometheus.metrics.core.metrics.Gauge.builder()
                        .name(prefix + "_" + name)
                        .help(help)
                        .labelNames(labels)
                        .register(registry);
        return new Labelled<>(labels, values -> new Gauge(metric.labelValues(values)));
    }

    /// A value read when the metrics are.
    public void gauge(String name, String help, DoubleSupplier value) {
        io.prometheus.metrics.core.metrics.GaugeWithCallback.builder()
                .name(prefix + "_" + name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /// A count read when the metrics are; `name` ends in `_total`.
    public void count(String name, String help, LongSupplier value) {
        io.prometheus.metrics.core.metrics.CounterWithCallback.builder()
                .name(prefix + "_" + name)
                .help(help)
                .callback(callback -> callback.call((double) value.getAsLong()))
                .register(registry);
    }

    /// Values read when the metrics are, each with its value of the label.
    public void gauges(
            String name, String help, String label, Supplier<Map<String, Double>> values) {
        io.prometheus.metrics.core.metrics.GaugeWithCallback.builder()
                .name(prefix + "_" + name)
                .help(help)
                .labelNames(label)
                .callback(callback -> values.get().forEach((of, value) -> callback.call(value, of)))
                .register(registry);
    }

    /// The same with the values of several labels, in their order.
    public void gauges(
            String name,
            String help,
            List<String> labels,
            Supplier<Map<List<String>, Double>> values) {
        io.prometheus.metrics.core.metrics.GaugeWithCallback.builder()
                .name(prefix + "_" + name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(
                        callback ->
                                values.get()
                                        .forEach(
                                                (of, value) ->
                                                        callback.call(
                                                                value, of.toArray(String[]::new))))
                .register(registry);
    }

    /// A distribution over buckets with these upper bounds.
    public Labelled<Histogram> histogram(
            String name, String help, double[] bounds, String... labels) {
        var metric =
                io.prometheus.metrics.core.metrics.Histogram.builder()
                        .name(prefix + "_" + name)
                        .help(help)
                        .classicOnly()
                        .classicUpperBounds(bounds)
                        .labelNames(labels)
                        .register(registry);
        return new Labelled<>(labels, values -> new Histogram(metric.labelValues(values)));
    }

    /// Everything in the registry, in Prometheus' text format.
    public String text() {
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create()
                    .write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String checked(String prefix) {
        if (!prefix.matches("[a-zA-Z_][a-zA-Z0-9_]*")) {
            throw new IllegalArgumentException(
                    "metrics prefix must be letters, digits and underscores: " + prefix);
        }
        return prefix;
    }
}
