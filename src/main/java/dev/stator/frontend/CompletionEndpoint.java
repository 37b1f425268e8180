package dev.stator.frontend;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.StopConditions;
import dev.stator.frontend.CompletionApi.Asked;
import dev.stator.frontend.completion.Admission;
import dev.stator.frontend.completion.CompletionRun;
import dev.stator.frontend.completion.Replies;
import dev.stator.frontend.completion.Reply;
import dev.stator.frontend.completion.RequestRecord;
import dev.stator.frontend.completion.RequestRecord.Identity;
import dev.stator.frontend.completion.StreamedReply;
import dev.stator.frontend.completion.WholeReply;
import dev.stator.frontend.explain.RequestNames.Named;
import dev.stator.openai.output.OutputDecoder;
import dev.stator.openai.output.OutputRules;
import dev.stator.openai.output.OutputRules.Reasoning;
import dev.stator.openai.prompt.PreparedPrompt;
import dev.stator.openai.prompt.PromptBuilder;
import dev.stator.openai.protocol.CompletionFields;
import dev.stator.openai.protocol.ExtraFields;
import dev.stator.openai.protocol.InvalidRequest;
import dev.stator.openai.response.DetailedWriter;
import dev.stator.openai.response.Heading;
import dev.stator.openai.response.ResponseWriter;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.HttpHandler;
import dev.stator.platform.http.HttpResponse;
import dev.stator.platform.http.SseStream;
import dev.stator.tokens.TokenIds;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Answers completion requests of one kind.
final class CompletionEndpoint implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger("dev.stator.frontend.requests");
    private static final String REQUEST_ID = "x-request-id";

    private final FrontendContext context;
    private final CompletionApi api;

    CompletionEndpoint(FrontendContext context, CompletionApi api) {
        this.context = context;
        this.api = api;
    }

    @Override
    public void handle(HttpExchange exchange) {
        String requestId = context.requestId(exchange);
        Optional<HttpResponse> refusal = refuseByHead(exchange);
        if (refusal.isPresent()) {
            refuse(exchange, requestId, refusal.get());
            return;
        }
        Optional<Admission.Ticket> ticket = context.admission().admit();
        if (ticket.isEmpty()) {
            context.metrics().countRejection(api.metricsName());
            refuse(exchange, requestId, Replies.page(429, "too many requests are being served"));
            return;
        }
        try {
            accept(exchange, requestId, ticket.get());
        } catch (InvalidRequest e) {
            ticket.get().close();
            refuse(exchange, requestId, Replies.invalid(e));
        } catch (RuntimeException e) {
            ticket.get().close();
            throw e;
        }
    }

    private void refuse(HttpExchange exchange, String requestId, HttpResponse response) {
        context.metrics().countUnserved(api.metricsName());
        LOG.info(
                "refused status={} endpoint={} request_id={}",
                response.status(),
                api.metricsName(),
                requestId);
        exchange.respond(response.with(REQUEST_ID, requestId));
    }

    /// Only JSON is taken, which also keeps web pages from posting here unasked.
    private Optional<HttpResponse> refuseByHead(HttpExchange exchange) {
        if (context.isDraining()) {
            return Optional.of(Replies.page(503, "the server is shutting down"));
        }
        if (context.models().isEmpty()) {
            return Optional.of(Replies.page(503, "no model is ready yet"));
        }
        String type = exchange.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        return type.startsWith("application/json")
                ? Optional.empty()
                : Optional.of(Replies.page(415, "the content type must be application/json"));
    }

    private void accept(HttpExchange exchange, String requestId, Admission.Ticket ticket) {
        Asked asked = api.parse(exchange.takeBody(), context.hints(exchange));
        Optional<ServedModel> served = context.models().find(asked.model());
        if (served.isEmpty()) {
            ticket.close();
            refuse(exchange, requestId, Replies.unknownModel(asked.model()));
            return;
        }
        ServedModel model = served.get();
        String id = api.idPrefix() + context.newId();
        var identity = new Identity(id, requestId, model.name(), api.metricsName());
        PreparedPrompt prompt = asked.preparation().prepare(prompts(model), id);
        context.names().add(named(identity, prompt));
        OutputRules rules = rules(model, asked.fields(), prompt);
        var requestRecord =
                new RequestRecord(
                        identity,
                        asked.fields().delivery().stream(),
                        context.metrics().of(model.name()),
                        ticket,
                        context.nanoClock());
        var run =
                new CompletionRun(
                        prompt,
                        () -> new OutputDecoder(model.tokenizer(), rules),
                        requestRecord,
                        reply(exchange, asked, prompt, requestRecord));
        exchange.onDisconnect(run::abandon);
        keepTime(exchange, asked.fields(), run);
        run.start(model.engine());
    }

    private void keepTime(HttpExchange exchange, CompletionFields fields, CompletionRun run) {
        fields.hints().timeout().ifPresent(it -> exchange.after(it, () -> run.timeOut(it)));
        Duration keepAlive = context.rules().keepAlive();
        if (fields.delivery().stream() && keepAlive.isPositive()) {
            exchange.every(keepAlive, run::keepAlive);
        }
    }

    private static Named named(Identity identity, PreparedPrompt prompt) {
        List<String> ids = prompt.generations().stream().map(GenerationRequest::id).toList();
        return new Named(identity.id(), identity.requestId(), ids);
    }

    private PromptBuilder prompts(ServedModel model) {
        var prompts =
                new PromptBuilder(
                        model.template(),
                        model.tokenizer(),
                        model.defaults(),
                        model.engine().info().contextLengthTokens(),
                        context::newSeed);
        return prompts.forAdapter(model.adapter());
    }

    private OutputRules rules(ServedModel model, CompletionFields fields, PreparedPrompt prompt) {
        StopConditions stops = prompt.generations().getFirst().stops();
        return new OutputRules(
                fields.length().stopStrings(),
                stops.minTokens(),
                stops.stopTokenIds(),
                reasoning(model, prompt),
                fields.topLogprobs().isPresent(),
                fields.delivery().tokenIds());
    }

    private Reasoning reasoning(ServedModel model, PreparedPrompt prompt) {
        if (prompt.opensReasoning()) {
            return Reasoning.OPENED;
        }
        return api == CompletionApi.CHAT && model.thinks() ? Reasoning.TAGGED : Reasoning.NONE;
    }

    private Function<SseStream.Listener, Reply> reply(
            HttpExchange exchange, Asked asked, PreparedPrompt prompt, RequestRecord about) {
        CompletionFields fields = asked.fields();
        ResponseWriter writer = writer(asked, prompt, about);
        Map<String, String> headers = Map.of(REQUEST_ID, about.identity().requestId());
        boolean usage = fields.delivery().includeUsage();
        return listener ->
                fields.delivery().stream()
                        ? new StreamedReply(exchange, writer, headers, usage, listener)
                        : new WholeReply(exchange, writer, headers, fields.delivery().choices());
    }

    private ResponseWriter writer(Asked asked, PreparedPrompt prompt, RequestRecord about) {
        long created = context.clock().instant().getEpochSecond();
        Identity identity = about.identity();
        ResponseWriter writer =
                api.writer(
                        new Heading(identity.id(), created, identity.model()),
                        asked.fields(),
                        asked.shown(prompt));
        ExtraFields extras = asked.fields().extras();
        TokenIds ids = prompt.generations().getFirst().prompt();
        return extras.equals(ExtraFields.NONE)
                ? writer
                : new DetailedWriter(writer, () -> about.details(extras, ids));
    }
}
