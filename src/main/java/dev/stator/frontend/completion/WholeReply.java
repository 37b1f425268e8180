package dev.stator.frontend.completion;

import dev.stator.engine.EngineFailure;
import dev.stator.openai.response.Choice;
import dev.stator.openai.response.Delta;
import dev.stator.openai.response.ResponseWriter;
import dev.stator.openai.response.TokenEntry;
import dev.stator.openai.response.Usage;
import dev.stator.platform.http.HttpExchange;
import dev.stator.tokens.TokenIds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Collects output and sends it in one piece.
public final class WholeReply implements Reply {
    private final HttpExchange exchange;
    private final ResponseWriter writer;
    private final Map<String, String> headers;
    private final List<Collected> choices;

    public WholeReply(
            HttpExchange exchange,
            ResponseWriter writer,
            Map<String, String> headers,
            int choices) {
        this.exchange = exchange;
        this.writer = writer;
        this.headers = headers;
        this.choices = Stream.generate(Collected::new).limit(choices).toList();
    }

    @Override
    public void begin(int choice) {}

    @Override
    public void deliver(int choice, Delta delta) {
        Collected collected = choices.get(choice);
        collected.reasoning.append(delta.reasoning());
        collected.content.append(delta.content());
        collected.logprobs.addAll(delta.logprobs());
        for (int i = 0; i < delta.tokens().size(); i++) {
            collected.tokens.add(delta.tokens().get(i));
        }
    }

    @Override
    public void keepAlive() {}

    @Override
    public void finish(int choice, String finishReason) {
        choices.get(choice).finishReason = finishReason;
    }

    @Override
    public void complete(Usage usage) {
        var body = new StringBuilder();
        writer.appendWhole(body, choices.stream().map(Collected::choice).toList(), usage);
        Replies.respond(exchange, Replies.json(200, body.toString()), headers);
    }

    @Override
    public void fail(EngineFailure failure) {
        Replies.respond(exchange, Replies.failure(failure), headers);
    }

    private static final class Collected {
        final StringBuilder reasoning = new StringBuilder();
        final StringBuilder content = new StringBuilder();
        final List<TokenEntry> logprobs = new ArrayList<>();
        final IntStream.Builder tokens = IntStream.builder();
        String finishReason = "";

        Choice choice() {
            TokenIds ids = TokenIds.of(tokens.build().toArray());
            return new Choice(
                    new Delta(reasoning.toString(), content.toString(), logprobs, ids),
                    finishReason);
        }
    }
}
