package dev.stator.openai.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stator.openai.protocol.ChatMessage.Role;
import dev.stator.platform.codec.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class ChatCompletionRequestTest {
    private static final String MESSAGES = "[{'role':'user','content':'hi'}]";

    /// Apostrophes stand for quotation marks.
    private static ChatCompletionRequest parse(String json) {
        return ChatCompletionRequest.parse(
                json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ChatCompletionRequest with(String members) {
        return parse("{'model':'m','messages':" + MESSAGES + "," + members + "}");
    }

    private static InvalidRequest refusal(String json) {
        return catchThrowableOfType(InvalidRequest.class, () -> parse(json));
    }

    @Test
    void aPlainRequestLeavesEverythingToTheModel() {
        ChatCompletionRequest request = with("'unknown':{'a':[1]}");

        assertThat(request.model()).isEqualTo("m");
        assertThat(request.messages()).hasSize(1);
        assertThat(request.addGenerationPrompt()).isTrue();
        assertThat(request.fields().sampling().temperature()).isEmpty();
        assertThat(request.fields().length().maxTokens()).isEmpty();
        assertThat(request.fields().delivery())
                .isEqualTo(new DeliveryFields(1, false, false, false));
        assertThat(request.fields().topLogprobs()).isEmpty();
    }

    @Test
    void everyFieldArrives() {
        ChatCompletionRequest request =
                with(
                        """
                        'stream':true,'stream_options':{'include_usage':true},'max_tokens':5,
                        'max_completion_tokens':7,'temperature':0.5,'top_p':0.9,'n':3,'seed':-9,
                        'stop':['a','b'],'presence_penalty':-2,'frequency_penalty':2,
                        'logit_bias':{'17':-100},'logprobs':true,'top_logprobs':20,'top_k':-1,
                        'min_p':0.1,'repetition_penalty':1.2,'min_tokens':2,'ignore_eos':true,
                        'stop_token_ids':[4],'chat_template_kwargs':{'enable_thinking':false},
                        'add_generation_prompt':false,'cache_salt':'s','tool_choice':'auto',
                        'return_token_ids':true,
                        'response_format':{'type':'text'},
                        'tools':[{'type':'function','function':{'name':'f'}}]
                        """);

        assertThat(request.fields().delivery()).isEqualTo(new DeliveryFields(3, true, true, true));
        assertThat(request.fields().length().maxTokens()).hasValue(7);
        assertThat(request.fields().length().minTokens()).isEqualTo(2);
        assertThat(request.fields().length().ignoreEos()).isTrue();
        assertThat(request.fields().length().stopTokenIds()).containsExactly(4);
        assertThat(request.fields().length().stopStrings()).containsExactly("a", "b");
        SamplingFields sampling = request.fields().sampling();
        assertThat(sampling.temperature()).hasValue(0.5);
        assertThat(sampling.topP()).hasValue(0.9);
        assertThat(sampling.topK()).hasValue(-1);
        assertThat(sampling.minP()).hasValue(0.1);
        assertThat(sampling.presencePenalty()).hasValue(-2);
        assertThat(sampling.frequencyPenalty()).hasValue(2);
        assertThat(sampling.repetitionPenalty()).hasValue(1.2);
        assertThat(sampling.seed()).hasValue(-9);
        assertThat(sampling.logitBias()).containsEntry(17, -100.0);
        assertThat(request.fields().topLogprobs()).hasValue(20);
        assertThat(request.enableThinking()).contains(false);
        assertThat(request.addGenerationPrompt()).isFalse();
        assertThat(request.fields().cacheSalt()).isEqualTo("s");
        assertThat(request.tools()).hasSize(1);
    }

    @Test
    void messagesOfEveryRoleArrive() {
        ChatCompletionRequest request =
                parse(
                        """
                        {'model':'m','messages':[
                        {'role':'developer','content':'be brief'},
                        {'role':'user','name':'ann','content':[{'type':'text','text':'a'},
                                                               {'type':'text','text':'b'}]},
                        {'role':'assistant','content':null,'tool_calls':[{'id':'1',
                          'type':'function','function':{'name':'f','arguments':'{\\'x\\':1}'}}]},
                        {'role':'tool','tool_call_id':'1','content':'2'}]}
                        """
                                .replace("\\'", "\\\""));

        assertThat(request.messages())
                .extracting(ChatMessage::role)
                .containsExactly(Role.DEVELOPER, Role.USER, Role.ASSISTANT, Role.TOOL);
        assertThat(request.messages().stream().map(m -> Json.write(m.toTemplateValue())))
                .containsExactly(
                        "{\"role\":\"system\",\"content\":\"be brief\"}",
                        "{\"role\":\"user\",\"content\":\"ab\",\"name\":\"ann\"}",
                        "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"1\","
                                + "\"type\":\"function\",\"function\":{\"name\":\"f\","
                                + "\"arguments\":{\"x\":1}}}]}",
                        "{\"role\":\"tool\",\"content\":\"2\",\"tool_call_id\":\"1\"}");
    }

    @Test
    void toolsAreKeptFromTheModelWhenTheClientWantsNone() {
        assertThat(
                        with("'tools':[{'type':'function','function':{'name':'f'}}],"
                                        + "'tool_choice':'none'")
                                .tools())
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'model':5                                       | model",
                "'messages':{}                                   | messages",
                "'messages':[]                                   | messages",
                "'messages':[1]                                  | messages[0]",
                "'messages':[{'role':'king','content':'x'}]      | messages[0].role",
                "'messages':[{'role':'user'}]                    | messages[0].content",
                "'messages':[{'role':'user','content':1}]        | messages[0].content",
                "'messages':[{'role':'assistant','content':null}]| messages[0].content",
                "'messages':[{'role':'user','content':[{'type':'image_url'}]}] |"
                        + " messages[0].content[0].type",
                "'messages':[{'role':'user','content':[{'type':'text'}]}] |"
                        + " messages[0].content[0].text",
                "'messages':[{'role':'user','content':'x','tool_calls':"
                        + "[{'function':{'name':'f','arguments':'{}'}}]}] | messages[0].tool_calls",
                "'messages':[{'role':'assistant','content':'x','tool_calls':[{'function':{}}]}] |"
                        + " messages[0].tool_calls[0].function.name",
                "'stream':'yes'                                  | stream",
                "'stream_options':{'include_usage':true}         | stream_options",
                "'stream':true,'stream_options':{'include_usage':1} | stream_options.include_usage",
                "'max_tokens':0                                  | max_tokens",
                "'max_tokens':2147483648                         | max_tokens",
                "'max_tokens':1.5                                | max_tokens",
                "'max_completion_tokens':-1                      | max_completion_tokens",
                "'min_tokens':-1                                 | min_tokens",
                "'min_tokens':6,'max_tokens':5                   | min_tokens",
                "'temperature':2.1                               | temperature",
                "'temperature':-0.1                              | temperature",
                "'temperature':'hot'                             | temperature",
                "'temperature':1e999999                          | temperature",
                "'top_p':0                                       | top_p",
                "'top_p':1.1                                     | top_p",
                "'top_k':-2                                      | top_k",
                "'min_p':2                                       | min_p",
                "'repetition_penalty':0                          | repetition_penalty",
                "'presence_penalty':3                            | presence_penalty",
                "'frequency_penalty':-3                          | frequency_penalty",
                "'n':0                                           | n",
                "'n':9                                           | n",
                "'n':16384                                       | n",
                "'seed':9223372036854775808                      | seed",
                "'seed':'x'                                      | seed",
                "'stop':5                                        | stop",
                "'stop':''                                       | stop",
                "'stop':['a','']                                 | stop[1]",
                "'stop':[1]                                      | stop[0]",
                "'stop_token_ids':[-1]                           | stop_token_ids[0]",
                "'ignore_eos':1                                  | ignore_eos",
                "'logit_bias':[]                                 | logit_bias",
                "'logit_bias':{'x':1}                            | logit_bias.x",
                "'logit_bias':{'1':101}                          | logit_bias.1",
                "'logprobs':1                                    | logprobs",
                "'top_logprobs':2                                | top_logprobs",
                "'logprobs':true,'top_logprobs':21               | top_logprobs",
                "'tools':{}                                      | tools",
                "'tools':[{'type':'retrieval'}]                  | tools[0].type",
                "'tools':[{'type':'function','function':{}}]     | tools[0].function.name",
                "'tool_choice':'required'                        | tool_choice",
                "'tool_choice':{'type':'function'}               | tool_choice",
                "'response_format':{'type':'json_object'}        | response_format.type",
                "'response_format':'text'                        | response_format",
                "'chat_template':'{{ x }}'                       | chat_template",
                "'functions':[]                                  | functions",
                "'chat_template_kwargs':{'messages':[]}          | chat_template_kwargs.messages",
                "'chat_template_kwargs':{'enable_thinking':'no'} |"
                        + " chat_template_kwargs.enable_thinking",
                "'add_generation_prompt':0                       | add_generation_prompt",
                "'cache_salt':1                                  | cache_salt",
            })
    void whatIsWrongIsNamed(String members, String param) {
        String model = members.startsWith("'model'") ? "" : "'model':'m',";
        String messages = members.startsWith("'messages'") ? "" : "'messages':" + MESSAGES + ",";

        InvalidRequest refusal = refusal("{" + model + messages + members + "}");

        assertThat(refusal.param()).isEqualTo(param);
        assertThat(refusal).hasMessageContaining(param);
    }

    @Test
    void absentModelAndMessagesAreNamed() {
        assertThat(refusal("{}")).hasMessage("'model' must be a string, but is missing");
        assertThat(refusal("{'model':'m'}").param()).isEqualTo("messages");
        assertThat(refusal("[]")).hasMessage("the document must be an object: []");
    }

    @Test
    void whatIsNotJsonIsRefused() {
        assertThat(refusal("")).hasMessageContaining("not valid JSON");
        assertThat(refusal("{'model':").param()).isEmpty();
        assertThat(refusal("[".repeat(5_000))).hasMessageContaining("not valid JSON");
        assertThat(refusal("{'model':'a','model':'b'}")).hasMessageContaining("not valid JSON");
        assertThat(
                        catchThrowableOfType(
                                InvalidRequest.class,
                                () ->
                                        ChatCompletionRequest.parse(
                                                new byte[] {'"', (byte) 0xc3, '"'})))
                .hasMessageContaining("UTF-8");
    }

    @Test
    void listsAreBounded() {
        assertThat(refusalOf("stop", list("'s%d'", LengthFields.STOP_STRINGS_MAX + 1)))
                .hasMessage("'stop' must have at most 16 entries: 17");
        assertThat(refusalOf("stop", "'" + "x".repeat(LengthFields.STOP_CHARS_MAX + 1) + "'"))
                .hasMessageContaining("must have 1 to 512 characters");
        assertThat(refusalOf("stop_token_ids", list("%d", LengthFields.STOP_TOKENS_MAX + 1)))
                .hasMessageContaining("at most 128");
        assertThat(
                        refusalOf(
                                "logit_bias",
                                list("'%d':1", SamplingFields.LOGIT_BIAS_MAX + 1)
                                        .replace('[', '{')
                                        .replace(']', '}')))
                .hasMessageContaining("at most 1024");
        String tool = "{'type':'function','function':{'name':'f%d'}}";
        assertThat(refusalOf("tools", list(tool, ChatCompletionRequest.TOOLS_MAX + 1)))
                .hasMessageContaining("at most 128");
        String message = "{'role':'user','content':'%d'}";
        assertThat(refusal("{'model':'m','messages':" + list(message, 16_385) + "}"))
                .hasMessageContaining("at most 16384");
        assertThat(refusalOf("cache_salt", "'" + "x".repeat(257) + "'"))
                .hasMessageContaining("at most 256");
    }

    private static InvalidRequest refusalOf(String name, String value) {
        InvalidRequest refusal =
                refusal("{'model':'m','messages':%s,'%s':%s}".formatted(MESSAGES, name, value));
        assertThat(refusal.param()).startsWith(name);
        return refusal;
    }

    private static String list(String item, int count) {
        return IntStream.range(0, count)
                .mapToObj(item::formatted)
                .collect(Collectors.joining(",", "[", "]"));
    }
}
