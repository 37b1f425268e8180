package dev.stator.frontend;

import dev.stator.engine.GenerationRequest;
import dev.stator.frontend.completion.Admission;
import dev.stator.frontend.completion.CompletionRun;
import dev.stator.frontend.completion.Replies;
import dev.stator.frontend.completion.Reply;
import dev.stator.frontend.completion.RequestRecord;
import dev.stator.frontend.completion.RequestRecord.Identity;
import dev.stator.frontend.completion.StreamedReply;
import dev.stator.frontend.completion.WholeReply;
import dev.stator.openai.output.OutputDecoder;
import dev.stator.openai.output.OutputRules;
import dev.stator.openai.output.OutputRules.Reasoning;
import dev.stator.openai.prompt.PreparedPrompt;
import dev.stator.openai.prompt.PromptBuilder;
import dev.stator.openai.protocol.ChatCompletionRequest;
import dev.stator.openai.protocol.ChatWriter;
import dev.stator.openai.protocol.InvalidRequest;
import dev.stator.platform.http.HttpExchange;
import dev.stator.platform.http.HttpHandler;
import dev.stator.platform.http.HttpResponse;
import dev.stator.platform.http.SseStream;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// `POST /v1/chat/completions`.
final class ChatEndpoint implements HttpHandler {
    private static final String NAME = "chat_completions";
    private static final String REQUEST_ID = "x-request-id";

    private final FrontendContext context;

    ChatEndpoint(FrontendContext context) {
        this.context = context;
    }

    @Override
    public void handle(HttpExchange exchange) {
        Optional<HttpResponse> refusal = refuseByHead(exchange);
        if (refusal.isPresent()) {
            context.metrics().countUnserved(NAME);
            exchange.respond(refusal.get());
            return;
        }
        Optional<Admission.Ticket> ticket = context.admission().admit();
        if (ticket.isEmpty()) {
            context.metrics().countRejection(NAME);
            exchange.respond(Replies.page(429, "too many requests are being served"));
            return;
        }
        try {
            accept(exchange, ticket.get());
        } catch (InvalidRequest e) {
            ticket.get().close();
            context.metrics().countUnserved(NAME);
            exchange.respond(Replies.invalid(e));
        } catch (RuntimeException e) {
            ticket.get().close();
            throw e;
        }
    }

    /// Only JSON is taken, which also keeps web pages from posting here unasked.
    private Optional<HttpResponse> refuseByHead(HttpExchange exchange) {
        if (context.isDraining()) {
            return Optional.of(Replies.page(503, "the server is shutting down"));
        }
        String type = exchange.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        return type.startsWith("application/json")
                ? Optional.empty()
                : Optional.of(Replies.page(415, "the content type must be application/json"));
    }

    private void accept(HttpExchange exchange, Admission.Ticket ticket) {
        ChatCompletionRequest request = ChatCompletionRequest.parse(exchange.takeBody());
        Optional<ServedModel> served = context.models().find(request.model());
        if (served.isEmpty()) {
            ticket.close();
            context.metrics().countUnserved(NAME);
            exchange.respond(Replies.unknownModel(request.model()));
            return;
        }
        ServedModel model = served.get();
        String id = "chatcmpl-" + context.newId();
        var identity = new Identity(id, context.requestId(exchange), model.name(), NAME);
        PreparedPrompt prompt = prompts(model).prepare(id, request);
        var run =
                new CompletionRun(
                        prompt,
                        () -> new OutputDecoder(model.tokenizer(), rules(model, request, prompt)),
                        new RequestRecord(
                                identity,
                                request.delivery().stream(),
                                context.metrics().of(model.name()),
                                ticket,
                                context.nanoClock()),
                        reply(exchange, request, identity));
        exchange.onDisconnect(run::abandon);
        run.start(model.engine());
    }

    private PromptBuilder prompts(ServedModel model) {
        return new PromptBuilder(
                model.template(),
                model.tokenizer(),
                model.defaults(),
                model.engine().info().contextLengthTokens(),
                context::newSeed);
    }

    private static OutputRules rules(
            ServedModel model, ChatCompletionRequest request, PreparedPrompt prompt) {
        GenerationRequest generation = prompt.generations().getFirst();
        Reasoning reasoning = model.thinks() ? Reasoning.TAGGED : Reasoning.NONE;
        return new OutputRules(
                request.length().stopStrings(),
                generation.stops().minTokens(),
                generation.stops().stopTokenIds(),
                prompt.opensReasoning() ? Reasoning.OPENED : reasoning,
                request.topLogprobs().isPresent());
    }

    private Function<SseStream.Listener, Reply> reply(
            HttpExchange exchange, ChatCompletionRequest request, Identity identity) {
        boolean includeUsage = request.delivery().includeUsage();
        var writer =
                new ChatWriter(
                        identity.id(),
                        context.clock().instant().getEpochSecond(),
                        identity.model(),
                        includeUsage,
                        request.topLogprobs().isPresent());
        Map<String, String> headers = Map.of(REQUEST_ID, identity.requestId());
        return listener ->
                request.delivery().stream()
                        ? new StreamedReply(exchange, writer, headers, includeUsage, listener)
                        : new WholeReply(exchange, writer, headers, request.delivery().choices());
    }
}
