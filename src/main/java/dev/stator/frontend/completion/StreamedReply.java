package dev.stator.frontend.completion;

import dev.stator.engine.EngineFailure;
import dev.stator.openai.response.Delta;
import dev.stator.openai.response.ResponseWriter;
import dev.stator.openai.response.Usage;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.SseStream;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// Sends output as events while it comes about. The response begins when the engine does, so that
/// a refusal still has its status, or with the first sign of life of a request that waits.
public final class StreamedReply implements Reply {
    private static final String DONE = "[DONE]";
    private static final String SIGN_OF_LIFE = "keep-alive";

    private final HttpExchange exchange;
    private final ResponseWriter writer;
    private final Map<String, String> headers;
    private final boolean includeUsage;
    private final SseStream.Listener backpressure;
    private final StringBuilder event = new StringBuilder(256);
    private @Nullable SseStream stream;
    private boolean isQuiet = true; // since the last sign of life

    public StreamedReply(
            HttpExchange exchange,
            ResponseWriter writer,
            Map<String, String> headers,
            boolean includeUsage,
            SseStream.Listener backpressure) {
        this.exchange = exchange;
        this.writer = writer;
        this.headers = headers;
        this.includeUsage = includeUsage;
        this.backpressure = backpressure;
    }

    @Override
    public void begin(int choice) {
        stream();
        writer.appendOpening(event, choice);
        if (!event.isEmpty()) {
            send();
        }
    }

    @Override
    public void deliver(int choice, Delta delta) {
        writer.appendDelta(event, choice, delta);
        send();
    }

    /// Begins the response if need be; a failure after that is an event and has no status.
    @Override
    public void keepAlive() {
        if (isQuiet) {
            stream().comment(SIGN_OF_LIFE);
        }
        isQuiet = true;
    }

    @Override
    public void finish(int choice, String finishReason) {
        writer.appendFinish(event, choice, finishReason);
        send();
    }

    @Override
    public void complete(Usage usage) {
        if (includeUsage) {
            writer.appendUsage(event, usage);
            send();
        }
        SseStream open = stream();
        open.send(DONE);
        open.finish();
    }

    @Override
    public void fail(EngineFailure failure) {
        if (stream == null) {
            Replies.respond(exchange, Replies.failure(failure), headers);
        } else {
            stream.send(Replies.error(failure).toJson());
            stream.finish();
        }
    }

    private void send() {
        isQuiet = false;
        stream().send(event);
        event.setLength(0);
    }

    private SseStream stream() {
        if (stream == null) {
            stream = exchange.openSse(headers, backpressure);
        }
        return stream;
    }
}
