package dev.stator.openai.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stator.model.template.ChatTemplate;
import dev.stator.openai.protocol.ChatCompletionRequest;
import dev.stator.openai.protocol.InvalidRequest;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Map;

class ChatPromptsTest {
    private static final String TEMPLATE =
            """
            {{- bos_token }}
            {%- for message in messages -%}
            [{{ message.role }}] {{ message.content }}
            {%- if message.role == 'tool' %}{{ raise_exception('no tools here') }}{% endif %}
            {%- endfor -%}
            {%- if add_generation_prompt %}[assistant]{% endif -%}
            {%- if enable_thinking is defined and not enable_thinking %}<think></think>{% endif -%}\
            """;

    private final ChatPrompts prompts =
            new ChatPrompts(
                    ChatTemplate.compile(TEMPLATE, "/secret/path"),
                    ChatTemplate.compile("{{ tools[0].function.name }}", "/secret/path"),
                    Map.of("bos_token", "<s>"));

    private String render(String messages, String more) {
        String body = "{'model':'m','messages':" + messages + more + "}";
        return prompts.render(
                ChatCompletionRequest.parse(
                        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theTemplateSeesRolesTextsAndItsSpecialTokens() {
        String messages =
                "[{'role':'developer','content':'a'},{'role':'user','content':'{{ b }}'}]";

        assertThat(render(messages, "")).isEqualTo("<s>[system] a[user] {{ b }}[assistant]");
    }

    @Test
    void theClientMayChangeHowThePromptEnds() {
        String messages = "[{'role':'user','content':'a'}]";

        assertThat(render(messages, ",'add_generation_prompt':false")).isEqualTo("<s>[user] a");
        assertThat(render(messages, ",'chat_template_kwargs':{'enable_thinking':false}"))
                .endsWith("[assistant]<think></think>");
    }

    @Test
    void conversationsWithToolsHaveTheirOwnTemplate() {
        assertThat(
                        render(
                                "[{'role':'user','content':'a'}]",
                                ",'tools':[{'type':'function','function':{'name':'look'}}]"))
                .isEqualTo("look");
    }

    @Test
    void whatTheTemplateRefusesIsTheClientsFaultAndTellsNoPath() {
        InvalidRequest refusal =
                catchThrowableOfType(
                        InvalidRequest.class, () -> render("[{'role':'tool','content':'a'}]", ""));

        assertThat(refusal.param()).isEqualTo("messages");
        assertThat(refusal).hasMessageContaining("no tools here");
        assertThat(refusal.getMessage()).doesNotContain("secret");
    }
}
