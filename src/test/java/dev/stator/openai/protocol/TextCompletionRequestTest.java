package dev.stator.openai.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stator.openai.protocol.TextCompletionRequest.Prompt;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class TextCompletionRequestTest {

    /// Apostrophes stand for quotation marks.
    private static TextCompletionRequest with(String members) {
        String json = "{'model':'m'," + members + "}";
        return TextCompletionRequest.parse(
                json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPromptIsTextOrTokens() {
        var text = new Prompt.Text("a b");
        var tokens = new Prompt.Tokens(TokenIds.of(1, 2));

        assertThat(with("'prompt':'a b'").prompt()).isEqualTo(text);
        assertThat(with("'prompt':['a b']").prompt()).isEqualTo(text);
        assertThat(with("'prompt':[1,2]").prompt()).isEqualTo(tokens);
        assertThat(with("'prompt':[[1,2]]").prompt()).isEqualTo(tokens);
    }

    @Test
    void theOtherFieldsAreThoseOfEveryCompletion() {
        TextCompletionRequest request =
                with("'prompt':'x','n':2,'best_of':2,'logprobs':3,'max_tokens':9,'echo':false");

        assertThat(request.fields().delivery().choices()).isEqualTo(2);
        assertThat(request.fields().topLogprobs()).hasValue(3);
        assertThat(request.fields().length().maxTokens()).hasValue(9);
        assertThat(with("'prompt':'x'").fields().topLogprobs()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'n':1                        | prompt",
                "'prompt':5                   | prompt",
                "'prompt':[]                  | prompt",
                "'prompt':['a','b']           | prompt",
                "'prompt':[[1],[2]]           | prompt",
                "'prompt':[1,'a']             | prompt[1]",
                "'prompt':[-1]                | prompt[0]",
                "'prompt':[[1.5]]             | prompt[0][0]",
                "'prompt':'a','echo':true     | echo",
                "'prompt':'a','suffix':'b'    | suffix",
                "'prompt':'a','best_of':3     | best_of",
                "'prompt':'a','logprobs':6    | logprobs",
                "'prompt':'a','logprobs':true | logprobs",
                "'prompt':'a','max_tokens':0  | max_tokens",
            })
    void whatIsWrongIsNamed(String members, String param) {
        InvalidRequest refusal = catchThrowableOfType(InvalidRequest.class, () -> with(members));

        assertThat(refusal.param()).isEqualTo(param);
    }
}
