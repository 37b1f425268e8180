package dev.stator.openai.protocol;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The body of `POST /v1/chat/completions`.
///
/// @param tools functions the template may offer to the model; checked objects
/// @param addGenerationPrompt whether the prompt ends with the opening of the assistant's turn
/// @param enableThinking what the template is told about thinking, if anything
public record ChatCompletionRequest(
        String model,
        List<ChatMessage> messages,
        List<JsonValue> tools,
        boolean addGenerationPrompt,
        Optional<Boolean> enableThinking,
        CompletionFields fields) {
    static final int TOOLS_MAX = 128;
    static final int TOP_LOGPROBS_MAX = 20;

    public ChatCompletionRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /// Reads and checks a body; unknown members are ignored. Throws `InvalidRequest`.
    public static ChatCompletionRequest parse(byte[] utf8) {
        return parse(utf8, HintSource.BODY);
    }

    /// The same for a request whose headers may hold hints. Throws `InvalidRequest`.
    public static ChatCompletionRequest parse(byte[] utf8, HintSource source) {
        return InvalidRequest.whenMalformed(
                () -> parse(JsonField.root(Json.parse(utf8, JsonLimits.REQUEST)), source));
    }

    private static ChatCompletionRequest parse(JsonField body, HintSource source) {
        String model = body.get("model").string();
        refuseUnsupported(body);
        return new ChatCompletionRequest(
                model,
                MessageReader.read(body.get("messages")),
                tools(body),
                !body.get("add_generation_prompt").isPresent()
                        || body.get("add_generation_prompt").bool(),
                enableThinking(body.get("chat_template_kwargs")),
                CompletionFields.parse(body, topLogprobs(body), source));
    }

    /// What would change the meaning of the answer if it were ignored.
    private static void refuseUnsupported(JsonField body) {
        JsonField format = body.get("response_format");
        if (format.isPresent() && !format.get("type").string().equals("text")) {
            throw format.get("type").invalid("is not supported; only \"text\" is");
        }
        body.get("chat_template").optional().ifPresent(field -> unsupported(field));
        body.get("functions").optional().ifPresent(field -> unsupported(field));
    }

    private static void unsupported(JsonField field) {
        throw new InvalidRequest("'" + field.path() + "' is not supported", field.path(), "");
    }

    /// A client that chooses "none" does not want the model to hear of the tools.
    private static List<JsonValue> tools(JsonField body) {
        JsonField choice = body.get("tool_choice");
        boolean none = choice.isString() && choice.string().equals("none");
        if (choice.isPresent() && !none && !(choice.isString() && choice.string().equals("auto"))) {
            throw choice.invalid("is not supported; only \"none\" and \"auto\" are");
        }
        JsonField field = body.get("tools");
        if (!field.isPresent()) {
            return List.of();
        }
        List<JsonField> items = field.items();
        LengthFields.refuseMoreThan(TOOLS_MAX, items, field);
        items.forEach(ChatCompletionRequest::checkTool);
        return none ? List.of() : items.stream().map(JsonField::value).toList();
    }

    private static void checkTool(JsonField tool) {
        if (!tool.get("type").string().equals("function")) {
            throw tool.get("type").invalid("must be \"function\"");
        }
        tool.get("function").get("name").string();
    }

    private static Optional<Boolean> enableThinking(JsonField arguments) {
        if (!arguments.isPresent()) {
            return Optional.empty();
        }
        arguments
                .members()
                .forEach(
                        (name, value) -> {
                            if (!name.equals("enable_thinking")) {
                                throw value.invalid("is not supported; only enable_thinking is");
                            }
                        });
        return arguments.get("enable_thinking").optional().map(JsonField::bool);
    }

    private static OptionalInt topLogprobs(JsonField body) {
        boolean wanted = body.get("logprobs").isPresent() && body.get("logprobs").bool();
        JsonField top = body.get("top_logprobs");
        if (!top.isPresent()) {
            return wanted ? OptionalInt.of(0) : OptionalInt.empty();
        }
        int alternatives = top.integer(0, TOP_LOGPROBS_MAX);
        if (!wanted && alternatives > 0) {
            throw top.invalid("needs \"logprobs\": true");
        }
        return wanted ? OptionalInt.of(alternatives) : OptionalInt.empty();
    }
}
