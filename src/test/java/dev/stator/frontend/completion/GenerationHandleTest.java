package dev.stator.frontend.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.Generation;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class GenerationHandleTest {
    private final GenerationHandle handle = new GenerationHandle();
    private final Recording generation = new Recording();

    @Test
    void whatWasAskedBeforeTheGenerationCameIsDoneThen() {
        handle.pause();
        handle.attach(generation);
        assertThat(generation.calls).containsExactly("pause");

        handle.resume();
        handle.close();
        assertThat(generation.calls).containsExactly("pause", "resume", "close");
    }

    @Test
    void aPauseTakenBackBeforeTheGenerationCameNeverReachesIt() {
        handle.pause();
        handle.resume();
        handle.attach(generation);
        assertThat(generation.calls).isEmpty();
    }

    @Test
    void aGenerationThatComesTooLateIsClosed() {
        handle.close();
        handle.attach(generation);
        assertThat(generation.calls).containsExactly("close");
    }

    @Test
    void aResumeInTheMidstOfAttachingIsNotLost() {
        handle.pause();
        generation.onPause = handle::resume;
        handle.attach(generation);
        assertThat(generation.calls.getLast()).isEqualTo("resume");
    }

    private static final class Recording implements Generation {
        final List<String> calls = new ArrayList<>();
        Runnable onPause = () -> {};

        @Override
        public void pause() {
            calls.add("pause");
            onPause.run();
        }

        @Override
        public void resume() {
            calls.add("resume");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }
}
