package dev.stator.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What LangChain4j makes of the frontend.
class LangChainTest {

    @Test
    void readsAWholeAnswer() {
        try (var frontend = new TestFrontend(ScriptedEngine.saying("Grüße"))) {
            OpenAiChatModel model =
                    OpenAiChatModel.builder()
                            .baseUrl(frontend.uri("/v1").toString())
                            .apiKey("none")
                            .modelName(TestFrontend.MODEL)
                            .build();

            assertThat(model.chat("hi")).isEqualTo("Grüße");
        }
    }

    @Test
    void readsAStream() throws Exception {
        try (var frontend = new TestFrontend(ScriptedEngine.saying("one two"))) {
            OpenAiStreamingChatModel model =
                    OpenAiStreamingChatModel.builder()
                            .baseUrl(frontend.uri("/v1").toString())
                            .apiKey("none")
                            .modelName(TestFrontend.MODEL)
                            .build();
            var listener = new Listener();
            model.chat("hi", listener);
            ChatResponse response = listener.response.get(30, TimeUnit.SECONDS);

            assertThat(listener.pieces()).isEqualTo("one two");
            assertThat(response.aiMessage().text()).isEqualTo("one two");
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(8);
        }
    }

    private static final class Listener implements StreamingChatResponseHandler {
        private final StringBuilder pieces = new StringBuilder(); // guarded by this
        final CompletableFuture<ChatResponse> response = new CompletableFuture<>();

        @Override
        public synchronized void onPartialResponse(String piece) {
            pieces.append(piece);
        }

        synchronized String pieces() {
            return pieces.toString();
        }

        @Override
        public void onCompleteResponse(ChatResponse complete) {
            response.complete(complete);
        }

        @Override
        public void onError(Throwable error) {
            response.completeExceptionally(error);
        }
    }
}
