package dev.stator.frontend;

import dev.stator.frontend.completion.Admission;
import dev.stator.frontend.completion.FrontendMetrics;
import dev.stator.frontend.explain.RequestNames;
import dev.stator.openai.protocol.HintSource;
import dev.stator.platform.http.HttpExchange;

import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What the endpoints of one frontend share.
final class FrontendContext {
    private static final String REQUEST_ID_PATTERN = "[\\x21-\\x7e]{1,128}";

    /// As many as the decisions that are remembered by default, times two.
    private static final int NAMED_REQUESTS_MAX = 8_192;

    private final ModelDirectory models;
    private final Admission admission;
    private final FrontendMetrics metrics;
    private final TimeAndChance sources;
    private final RequestRules rules;
    private final RequestNames names = new RequestNames(NAMED_REQUESTS_MAX);
    private volatile boolean draining;

    FrontendContext(
            ModelDirectory models,
            Admission admission,
            FrontendMetrics metrics,
            TimeAndChance sources,
            RequestRules rules) {
        this.models = models;
        this.admission = admission;
        this.metrics = metrics;
        this.sources = sources;
        this.rules = rules;
    }

    ModelDirectory models() {
        return models;
    }

    Admission admission() {
        return admission;
    }

    /// By which names clients know their requests.
    RequestNames names() {
        return names;
    }

    FrontendMetrics metrics() {
        return metrics;
    }

    InstantSource clock() {
        return sources.clock();
    }

    LongSupplier nanoClock() {
        return sources.nanoClock();
    }

    long newSeed() {
        return sources.random().nextLong();
    }

    /// 128 random bits in hexadecimal.
    String newId() {
        RandomGenerator random = sources.random();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    /// The client's own id when it is fit for a header and a log, else a new one.
    String requestId(HttpExchange exchange) {
        Optional<String> sent = exchange.header("x-request-id");
        return sent.filter(id -> id.matches(REQUEST_ID_PATTERN)).orElseGet(this::newId);
    }

    RequestRules rules() {
        return rules;
    }

    /// Where the hints of a request come from.
    HintSource hints(HttpExchange exchange) {
        return new HintSource(exchange::header, rules.takesExtensions(), rules.timeLimit());
    }

    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }
}
