package dev.stator.frontend.completion;

import dev.stator.platform.metrics.Counter;
import dev.stator.platform.metrics.Gauge;
import dev.stator.platform.metrics.Histogram;
import dev.stator.platform.metrics.Labelled;
import dev.stator.platform.metrics.Metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the frontend counts, under the names and labels Dynamo uses.
public final class FrontendMetrics {
    private static final double[] DURATION_SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300
    };
    private static final double[] TOKEN_SECONDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2
    };
    private static final double[] TOKENS = {
        1, 16, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072
    };

    private final Labelled<Counter> requests;
    private final Labelled<Counter> cancellations;
    private final Labelled<Counter> rejections;
    private final Labelled<Counter> outputTokens;
    private final Labelled<Gauge> inflight;
    private final Labelled<Histogram> duration;
    private final Labelled<Histogram> firstToken;
    private final Labelled<Histogram> interToken;
    private final Labelled<Histogram> inputLength;
    private final Labelled<Histogram> outputLength;
    private final Labelled<Histogram> cached;
    private final Gauge disconnected;
    private final Map<String, OfModel> byModel = new ConcurrentHashMap<>();

    public FrontendMetrics(Metrics metrics) {
        String[] perRequest = {"model", "endpoint", "request_type"};
        requests =
                metrics.counter(
                        "requests_total",
                        "Requests that have ended",
                        "model",
                        "endpoint",
                        "request_type",
                        "status");
        cancellations =
                metrics.counter(
                        "model_cancellation_total", "Requests their client gave up", perRequest);
        rejections =
                metrics.counter(
                        "model_rejection_total", "Requests refused for load", "model", "endpoint");
        outputTokens = metrics.counter("output_tokens_total", "Tokens produced", "model");
        inflight = metrics.gauge("inflight_requests", "Requests being served", "model");
        duration =
                metrics.histogram(
                        "request_duration_seconds", "Whole request", DURATION_SECONDS, "model");
        firstToken =
                metrics.histogram(
                        "time_to_first_token_seconds",
                        "Request to first token",
                        DURATION_SECONDS,
                        "model");
        interToken =
                metrics.histogram(
                        "inter_token_latency_seconds", "Between tokens", TOKEN_SECONDS, "model");
        inputLength = metrics.histogram("input_sequence_tokens", "Prompt length", TOKENS, "model");
        outputLength =
                metrics.histogram("output_sequence_tokens", "Output length", TOKENS, "model");
        cached =
                metrics.histogram(
                        "cached_tokens", "Prompt tokens found in a cache", TOKENS, "model");
        disconnected =
                metrics.gauge("disconnected_clients", "Clients that left before the end").with();
    }

    /// The held children of one served model; never of a name only a client knows.
    public OfModel of(String model) {
        return byModel.computeIfAbsent(model, OfModel::new);
    }

    /// A request ended before its model was known to be served.
    public void countUnserved(String endpoint) {
        requests.with("unknown", endpoint, "unknown", "error").increment();
    }

    /// A request was refused by the frontend's own limit.
    public void countRejection(String endpoint) {
        rejections.with("unknown", endpoint).increment();
    }

    /// The children of one model.
    public final class OfModel {
        private final String model;
        final Counter tokens;
        final Gauge running;
        final Histogram durationSeconds;
        final Histogram firstTokenSeconds;
        final Histogram interTokenSeconds;
        final Histogram promptTokens;
        final Histogram completionTokens;
        final Histogram cachedTokens;

        private OfModel(String model) {
            this.model = model;
            this.tokens = outputTokens.with(model);
            this.running = inflight.with(model);
            this.durationSeconds = duration.with(model);
            this.firstTokenSeconds = firstToken.with(model);
            this.interTokenSeconds = interToken.with(model);
            this.promptTokens = inputLength.with(model);
            this.completionTokens = outputLength.with(model);
            this.cachedTokens = cached.with(model);
        }

        void countEnd(String endpoint, boolean stream, int status) {
            String type = stream ? "stream" : "unary";
            String outcome = status == 200 ? "success" : "error";
            requests.with(model, endpoint, type, outcome).increment();
            if (status == RequestRecord.CLIENT_GONE) {
                cancellations.with(model, endpoint, type).increment();
                disconnected.increment();
            } else if (status == 429) {
                rejections.with(model, endpoint).increment();
            }
        }
    }
}
