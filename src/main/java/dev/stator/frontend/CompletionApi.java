package dev.stator.frontend;

import dev.stator.openai.prompt.PreparedPrompt;
import dev.stator.openai.prompt.PromptBuilder;
import dev.stator.openai.protocol.ChatCompletionRequest;
import dev.stator.openai.protocol.CompletionFields;
import dev.stator.openai.protocol.HintSource;
import dev.stator.openai.protocol.TextCompletionRequest;
import dev.stator.openai.response.ChatWriter;
import dev.stator.openai.response.Heading;
import dev.stator.openai.response.ResponseWriter;
import dev.stator.openai.response.TextWriter;

/// What tells one kind of completion from another.
enum CompletionApi {
    /// A conversation; thoughts are told from answers.
    CHAT("chat_completions", "chatcmpl-") {
        @Override
        Asked parse(byte[] body, HintSource hints) {
            ChatCompletionRequest request = ChatCompletionRequest.parse(body, hints);
            return new Asked(
                    request.model(),
                    request.fields(),
                    (prompts, id) -> prompts.prepare(id, request));
        }

        @Override
        ResponseWriter writer(Heading heading, CompletionFields fields) {
            return new ChatWriter(
                    heading, fields.delivery().includeUsage(), fields.topLogprobs().isPresent());
        }
    },

    /// A text to be continued; everything the model says is text.
    TEXT("completions", "cmpl-") {
        @Override
        Asked parse(byte[] body, HintSource hints) {
            TextCompletionRequest request = TextCompletionRequest.parse(body, hints);
            return new Asked(
                    request.model(),
                    request.fields(),
                    (prompts, id) -> prompts.prepare(id, request));
        }

        @Override
        ResponseWriter writer(Heading heading, CompletionFields fields) {
            return new TextWriter(
                    heading,
                    fields.delivery().choices(),
                    fields.delivery().includeUsage(),
                    fields.topLogprobs().isPresent());
        }
    };

    private final String metricsName;
    private final String idPrefix;

    CompletionApi(String metricsName, String idPrefix) {
        this.metricsName = metricsName;
        this.idPrefix = idPrefix;
    }

    /// The value of the label `endpoint`.
    String metricsName() {
        return metricsName;
    }

    /// What response ids begin with.
    String idPrefix() {
        return idPrefix;
    }

    /// Reads and checks a body. Throws `InvalidRequest`.
    abstract Asked parse(byte[] body, HintSource hints);

    abstract ResponseWriter writer(Heading heading, CompletionFields fields);

    /// A request of either kind.
    ///
    /// @param preparation how its prompt is made
    record Asked(String model, CompletionFields fields, Preparation preparation) {}

    /// Makes the generations of one request. Throws `InvalidRequest`.
    interface Preparation {
        PreparedPrompt prepare(PromptBuilder prompts, String id);
    }
}
