package dev.stator.frontend.completion;

import dev.stator.engine.GenerationStart;
import dev.stator.kv.cache.WorkerId;
import dev.stator.openai.protocol.ExtraFields;
import dev.stator.openai.response.ServingDetails;
import dev.stator.openai.response.Usage;
import dev.stator.tokens.TokenIds;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Follows one admitted request of a served model and writes it down when it has ended. The caller
/// sees to it that calls come one at a time.
///
/// Prompts and outputs are never written anywhere.
public final class RequestRecord {
    /// The status of a request whose client left; nothing could be sent.
    public static final int CLIENT_GONE = 499;

    private static final Logger LOG = LoggerFactory.getLogger("dev.stator.frontend.requests");
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    /// The names of one request.
    ///
    /// @param id ours, unique; the response's `id` and the engine's
    /// @param requestId the client's `x-request-id`, or ours
    /// @param endpoint as metrics name it, `chat_completions`
    public record Identity(String id, String requestId, String model, String endpoint) {}

    private final Identity identity;
    private final boolean stream;
    private final FrontendMetrics.OfModel metrics;
    private final Admission.Ticket ticket;
    private final LongSupplier nanoClock;
    private final long beginNanos;
    private String worker = "-";
    private Optional<WorkerId> workerId = Optional.empty();
    private long firstTokenNanos = -1;
    private long lastTokenNanos;
    private boolean ended;

    public RequestRecord(
            Identity identity,
            boolean stream,
            FrontendMetrics.OfModel metrics,
            Admission.Ticket ticket,
            LongSupplier nanoClock) {
        this.identity = identity;
        this.stream = stream;
        this.metrics = metrics;
        this.ticket = ticket;
        this.nanoClock = nanoClock;
        this.beginNanos = nanoClock.getAsLong();
        metrics.running.increment();
    }

    public Identity identity() {
        return identity;
    }

    void onStart(GenerationStart start) {
        worker = start.worker();
        workerId = start.id();
    }

    /// How it was served so far, as far as its client wants to know.
    ///
    /// @param prompt its token ids
    public ServingDetails details(ExtraFields wanted, TokenIds prompt) {
        OptionalLong process =
                workerId.isPresent() && wanted.worker()
                        ? OptionalLong.of(workerId.get().value())
                        : OptionalLong.empty();
        long nanos = nanoClock.getAsLong() - beginNanos;
        return new ServingDetails(
                process,
                workerId.map(WorkerId::rank).orElse(0),
                wanted.timing() && firstTokenNanos >= 0
                        ? OptionalDouble.of((firstTokenNanos - beginNanos) / NANOS_PER_MILLI)
                        : OptionalDouble.empty(),
                wanted.timing()
                        ? OptionalDouble.of(nanos / NANOS_PER_MILLI)
                        : OptionalDouble.empty(),
                wanted.prompt() ? prompt : TokenIds.EMPTY);
    }

    void onToken() {
        long now = nanoClock.getAsLong();
        if (firstTokenNanos < 0) {
            firstTokenNanos = now;
            metrics.firstTokenSeconds.observe(seconds(now - beginNanos));
        } else {
            metrics.interTokenSeconds.observe(seconds(now - lastTokenNanos));
        }
        lastTokenNanos = now;
        metrics.tokens.increment();
    }

    /// Writes the request down, once.
    ///
    /// @param status as sent to the client, or `CLIENT_GONE`; that of its failure for a stream that
    ///     broke off
    void end(int status, Usage usage) {
        if (ended) {
            return;
        }
        ended = true;
        ticket.close();
        long nanos = nanoClock.getAsLong() - beginNanos;
        metrics.running.decrement();
        metrics.countEnd(identity.endpoint(), stream, status);
        metrics.durationSeconds.observe(seconds(nanos));
        if (status == 200) {
            metrics.promptTokens.observe(usage.promptTokens());
            metrics.completionTokens.observe(usage.completionTokens());
            metrics.cachedTokens.observe(usage.cachedTokens());
        }
        LOG.info(
                "{} status={} model={} worker={} cached={}/{} output={} ttft_ms={} total_ms={}"
                        + " request_id={}",
                identity.id(),
                status,
                identity.model(),
                worker,
                usage.cachedTokens(),
                usage.promptTokens(),
                usage.completionTokens(),
                firstTokenNanos < 0 ? "-" : millis(firstTokenNanos - beginNanos),
                millis(nanos),
                identity.requestId());
    }

    private static double seconds(long nanos) {
        return nanos / NANOS_PER_SECOND;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
