package dev.stator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.GenerationEnd.Finished;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class TokenStreamTest {
    private static final GenerationEnd DONE =
            new Finished(FinishReason.LENGTH, new TokenUsage(1, 0, 3));

    private final HandDrivenEngine engine = new HandDrivenEngine();

    @Test
    void readsTokensInOrderAndThenTheEnd() throws InterruptedException {
        TokenStream stream = TokenStream.open(engine, Requests.request("a", 1, 2, 3));
        engine.sink().onStart(new GenerationStart("worker", 0));
        deliver(0, 3);
        engine.sink().onEnd(DONE);

        assertThat(stream.start()).contains(new GenerationStart("worker", 0));
        assertThat(drain(stream)).containsExactly(0, 1, 2);
        assertThat(stream.end()).isEqualTo(DONE);
    }

    @Test
    void aRefusalHasNoStartAndNoTokens() throws InterruptedException {
        TokenStream stream = TokenStream.open(engine, Requests.request("a", 1));
        engine.sink().onEnd(DONE);

        assertThat(stream.start()).isEmpty();
        assertThat(stream.next()).isEmpty();
        assertThat(stream.end()).isEqualTo(DONE);
    }

    @Test
    void theEndIsNotKnownBeforeItCame() {
        TokenStream stream = TokenStream.open(engine, Requests.request("a", 1));

        assertThatThrownBy(stream::end).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFullBufferPausesAndADrainedOneResumes() throws InterruptedException {
        TokenStream stream = TokenStream.open(engine, Requests.request("a", 1));
        deliver(0, TokenStream.PAUSE_ABOVE_TOKENS);
        assertThat(engine.calls()).isEmpty();

        deliver(0, 2);
        assertThat(engine.calls()).containsExactly("pause");

        int untilResume = TokenStream.PAUSE_ABOVE_TOKENS + 2 - TokenStream.RESUME_BELOW_TOKENS;
        for (int i = 0; i < untilResume; i++) {
            stream.next();
        }
        assertThat(engine.calls()).containsExactly("pause");
        stream.next();
        assertThat(engine.calls()).containsExactly("pause", "resume");
    }

    @Test
    void aBufferThatFillsBeforeTheHandleIsKnownPausesLater() {
        engine.tokensDuringGenerate(TokenStream.PAUSE_ABOVE_TOKENS + 1);
        TokenStream.open(engine, Requests.request("a", 1));

        assertThat(engine.calls()).containsExactly("pause");
    }

    @Test
    void closingCancels() {
        TokenStream.open(engine, Requests.request("a", 1)).close();

        assertThat(engine.calls()).containsExactly("close");
    }

    private void deliver(int first, int count) {
        for (int i = 0; i < count; i++) {
            engine.sink().onToken(GeneratedToken.of(first + i));
        }
    }

    private static List<Integer> drain(TokenStream stream) throws InterruptedException {
        List<Integer> ids = new ArrayList<>();
        Optional<GeneratedToken> token = stream.next();
        for (; token.isPresent(); token = stream.next()) {
            ids.add(token.get().id());
        }
        return ids;
    }
}
