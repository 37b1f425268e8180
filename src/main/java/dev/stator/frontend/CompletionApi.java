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
import dev.stator.tokens.TokenIds;

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
                    (prompts, id) -> prompts.prepare(id, request),
                    true);
        }

        @Override
        ResponseWriter writer(Heading heading, CompletionFields fields, TokenIds prompt) {
            return new ChatWriter(
                    heading,
                    fields.delivery().includeUsage(),
                    fields.topLogprobs().isPresent(),
                    prompt);
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
                    (prompts, id) -> prompts.prepare(id, request),
                    request.prompt() instanceof TextCompletionRequest.Prompt.Text);
        }

        @Override
        ResponseWriter writer(Heading heading, CompletionFields fields, TokenIds prompt) {
            return new TextWriter(
                    heading,
                    fields.delivery().choices(),
                    fields.delivery().includeUsage(),
                    fields.topLogprobs().isPresent(),
                    prompt);
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

    /// @param prompt ids to be shown; empty for none
    abstract ResponseWriter writer(Heading heading, CompletionFields fields, TokenIds prompt);

    /// A request of either kind.
    ///
    /// @param preparation how its prompt is made
    /// @param text whether the prompt came as text, so that its token ids are news to the client
    record Asked(String model, CompletionFields fields, Preparation preparation, boolean text) {

        /// The token ids of the prompt as far as they are to be shown.
        TokenIds shown(PreparedPrompt prompt) {
            return text && fields.delivery().tokenIds()
                    ? prompt.generations().getFirst().prompt()
                    : TokenIds.EMPTY;
        }
    }

    /// Makes the generations of one request. Throws `InvalidRequest`.
    interface Preparation {
        PreparedPrompt prepare(PromptBuilder prompts, String id);
    }
}
