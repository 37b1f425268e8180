package dev.stator.replay.load;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.http.client.EventListener;
import dev.stator.platform.http.client.HttpCall;
import dev.stator.platform.http.client.HttpFailure;
import dev.stator.platform.http.client.HttpReply;
import dev.stator.tokens.TokenIds;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// What a server said to one request.
///
/// @param refusal in its words; empty when it gave a stream
/// @param prompt ids that it named for the prompt; empty when it named none
/// @param output the same of its output
record ProbeAnswer(String refusal, TokenIds prompt, TokenIds output) {
    private static final int SHOWN_CHARS = 300;

    /// Receives the answer.
    static final class Collector implements EventListener {
        private final CompletableFuture<ProbeAnswer> answer = new CompletableFuture<>();
        private TokenIds prompt = TokenIds.EMPTY;
        private TokenIds output = TokenIds.EMPTY;

        /// Fails with an `IOException` when nothing comes, or nothing that can be read.
        CompletableFuture<ProbeAnswer> answer() {
            return answer;
        }

        @Override
        public void onOpen(HttpCall call) {}

        @Override
        public void onEvent(HttpCall call, String data) {
            if (data.equals(Chunk.DONE)) {
                return;
            }
            try {
                Chunk chunk = Chunk.read(data);
                chunk.error().ifPresent(type -> fail("the stream ends with an error: " + type));
                prompt = prompt.isEmpty() ? chunk.prompt() : prompt;
                output = output.concat(chunk.tokens());
            } catch (JsonException | JsonFieldException e) {
                fail("an event is no chunk: " + e.getMessage());
            }
        }

        @Override
        public void onEnd(HttpCall call) {
            answer.complete(new ProbeAnswer("", prompt, output));
        }

        @Override
        public void onAnswer(HttpCall call, HttpReply reply) {
            String body = reply.body().strip();
            String shown = body.substring(0, Math.min(SHOWN_CHARS, body.length()));
            String refusal = reply.head().status() + " " + shown;
            answer.complete(new ProbeAnswer(refusal, TokenIds.EMPTY, TokenIds.EMPTY));
        }

        @Override
        public void onFailure(HttpCall call, HttpFailure failure) {
            fail(failure.message());
        }

        private void fail(String why) {
            answer.completeExceptionally(new IOException(why));
        }
    }
}
