package dev.stator.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What OpenAI's own Java client makes of the frontend.
class OpenAiJavaTest {

    private static void with(ScriptedEngine engine, Consumer<OpenAIClient> use) {
        try (var frontend = new TestFrontend(engine)) {
            OpenAIClient client =
                    OpenAIOkHttpClient.builder()
                            .apiKey("none")
                            .baseUrl(frontend.uri("/v1").toString())
                            .maxRetries(0)
                            .build();
            try {
                use.accept(client);
            } finally {
                client.close();
            }
        }
    }

    private static ChatCompletionCreateParams.Builder asking() {
        return ChatCompletionCreateParams.builder()
                .model(TestFrontend.MODEL)
                .addDeveloperMessage("be brief")
                .addUserMessage("hi");
    }

    @Test
    void readsAWholeAnswer() {
        with(
                ScriptedEngine.saying("Grüße"),
                client -> {
                    ChatCompletion answer = client.chat().completions().create(asking().build());

                    ChatCompletion.Choice choice = answer.choices().getFirst();
                    assertThat(choice.message().content()).contains("Grüße");
                    assertThat(choice.finishReason())
                            .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
                    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(8);
                    assertThat(
                                    answer.usage()
                                            .orElseThrow()
                                            .promptTokensDetails()
                                            .orElseThrow()
                                            .cachedTokens())
                            .contains(3L);
                    answer.validate();
                });
    }

    @Test
    void readsAStreamWithUsage() {
        with(
                ScriptedEngine.saying("one two"),
                client -> {
                    ChatCompletionCreateParams params =
                            asking().streamOptions(
                                            ChatCompletionStreamOptions.builder()
                                                    .includeUsage(true)
                                                    .build())
                                    .build();
                    List<ChatCompletionChunk> chunks = stream(client, params);

                    assertThat(text(chunks)).isEqualTo("one two");
                    assertThat(chunks.getLast().choices()).isEmpty();
                    assertThat(chunks.getLast().usage().orElseThrow().totalTokens())
                            .isEqualTo(12 + 8);
                    chunks.forEach(ChatCompletionChunk::validate);
                });
    }

    private static List<ChatCompletionChunk> stream(
            OpenAIClient client, ChatCompletionCreateParams params) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            return stream.stream().toList();
        }
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        return String.join(
                "",
                chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .map(choice -> choice.delta().content().orElse(""))
                        .toList());
    }

    @Test
    void readsLogprobsWholeAndStreamed() {
        with(
                ScriptedEngine.saying("é!"),
                client -> {
                    ChatCompletionCreateParams params =
                            asking().logprobs(true).topLogprobs(2).build();
                    var whole =
                            client.chat()
                                    .completions()
                                    .create(params)
                                    .choices()
                                    .getFirst()
                                    .logprobs()
                                    .orElseThrow()
                                    .content()
                                    .orElseThrow();
                    assertThat(whole).hasSize(3);
                    assertThat(whole.get(0).bytes().orElseThrow()).containsExactly(0xc3L);
                    assertThat(whole.get(2).token()).isEqualTo("!");
                    assertThat(whole.get(2).topLogprobs()).hasSize(2);

                    long streamed =
                            stream(client, params).stream()
                                    .flatMap(chunk -> chunk.choices().stream())
                                    .flatMap(choice -> choice.logprobs().stream())
                                    .flatMap(logprobs -> logprobs.content().stream())
                                    .mapToLong(List::size)
                                    .sum();
                    assertThat(streamed).isEqualTo(3);
                });
    }

    @Test
    void readsSeveralChoicesAndStops() {
        with(
                ScriptedEngine.saying("a. b. c."),
                client -> {
                    ChatCompletion answer =
                            client.chat().completions().create(asking().n(3).stop(". c").build());

                    assertThat(answer.choices()).hasSize(3);
                    assertThat(answer.choices())
                            .allMatch(choice -> choice.message().content().equals(content("a. b")));
                    assertThat(answer.choices().getLast().index()).isEqualTo(2);
                });
    }

    private static Optional<String> content(String text) {
        return Optional.of(text);
    }

    @Test
    void readsAnAnswerCutAtItsLength() {
        with(
                ScriptedEngine.saying("long answer"),
                client ->
                        assertThat(
                                        client.chat()
                                                .completions()
                                                .create(asking().maxCompletionTokens(4).build())
                                                .choices()
                                                .getFirst()
                                                .finishReason())
                                .isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH));
    }

    @Test
    void continuesATextWholeAndStreamed() {
        with(
                ScriptedEngine.saying("<think> is text here"),
                client -> {
                    CompletionCreateParams params =
                            CompletionCreateParams.builder()
                                    .model(TestFrontend.MODEL)
                                    .prompt("once")
                                    .maxTokens(100)
                                    .logprobs(1)
                                    .build();
                    Completion answer = client.completions().create(params);
                    CompletionChoice choice = answer.choices().getFirst();
                    assertThat(choice.text()).isEqualTo("<think> is text here");
                    assertThat(choice.logprobs().orElseThrow().tokens().orElseThrow()).hasSize(20);
                    assertThat(answer.usage().orElseThrow().promptTokens()).isEqualTo(4);

                    try (StreamResponse<Completion> stream =
                            client.completions().createStreaming(params)) {
                        assertThat(stream.stream().map(chunk -> chunk.choices().getFirst().text()))
                                .startsWith("<", "t")
                                .endsWith("e", "");
                    }
                });
    }

    @Test
    void listsModels() {
        with(
                ScriptedEngine.saying(""),
                client -> {
                    assertThat(client.models().list().items())
                            .extracting(Model::id)
                            .contains("test");
                    assertThat(client.models().retrieve("test").ownedBy()).isEqualTo("stator");
                });
    }

    @Test
    void mapsErrorsToItsExceptions() {
        with(
                ScriptedEngine.saying(""),
                client -> {
                    BadRequestException bad =
                            catchThrowableOfType(
                                    BadRequestException.class,
                                    () -> ask(client, asking().temperature(2.5).build()));
                    assertThat(bad.param()).contains("temperature");
                    assertThat(bad.type()).contains("invalid_request_error");
                    NotFoundException missing =
                            catchThrowableOfType(
                                    NotFoundException.class,
                                    () -> ask(client, asking().model("none").build()));
                    assertThat(missing.code()).contains("model_not_found");
                });
        with(
                ScriptedEngine.failing(FailureKind.OVERLOADED),
                client ->
                        assertThat(
                                        catchThrowableOfType(
                                                RateLimitException.class,
                                                () -> ask(client, asking().build())))
                                .hasMessageContaining("scripted: OVERLOADED"));
        with(
                ScriptedEngine.failing(FailureKind.UNAVAILABLE),
                client ->
                        assertThat(
                                        catchThrowableOfType(
                                                        InternalServerException.class,
                                                        () -> stream(client, asking().build()))
                                                .statusCode())
                                .isEqualTo(503));
    }

    private static void ask(OpenAIClient client, ChatCompletionCreateParams params) {
        client.chat().completions().create(params);
    }

    @Test
    void noticesAStreamThatBreaksOff() {
        with(
                new ScriptedEngine(
                        play -> {
                            play.start();
                            play.say("half");
                            play.fail(EngineFailure.of(FailureKind.UNAVAILABLE, "worker lost"));
                        }),
                client ->
                        assertThat(
                                        catchThrowableOfType(
                                                OpenAIException.class,
                                                () -> stream(client, asking().build())))
                                .hasMessageContaining("worker lost"));
    }
}
