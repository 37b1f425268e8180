package dev.stator.runtime.requests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class DeferredStreamTest {
    private final List<String> calls = new ArrayList<>();
    private final DeferredStream stream = new DeferredStream();

    @Test
    void remembersTheLastWishUntilThereIsAnAnswer() {
        stream.pause();
        stream.resume();
        stream.pause();
        stream.attach(noting("one"));

        assertThat(calls).containsExactly("one pause");
    }

    @Test
    void asksForNothingThatIsSo() {
        stream.attach(noting("one"));
        stream.resume();
        stream.pause();
        stream.pause();

        assertThat(calls).containsExactly("one pause");
    }

    @Test
    void closingIsFinal() {
        stream.close();
        stream.resume();
        stream.attach(noting("one"));
        stream.pause();

        assertThat(calls).containsExactly("one close");
        assertThat(stream.isClosed()).isTrue();
    }

    @Test
    void theNextAnswerIsSteeredAsTheOneBefore() {
        stream.attach(noting("one"));
        stream.pause();
        stream.attach(noting("two"));
        stream.resume();

        assertThat(calls).containsExactly("one pause", "two pause", "two resume");
    }

    @Test
    void aWishMadeDuringACallFollowsIt() {
        stream.attach(
                new RemoteStream() {
                    @Override
                    public void pause() {
                        stream.close();
                        calls.add("pause");
                    }

                    @Override
                    public void resume() {
                        calls.add("resume");
                    }

                    @Override
                    public void close() {
                        calls.add("close");
                    }
                });
        stream.pause();

        assertThat(calls).containsExactly("pause", "close");
    }

    private RemoteStream noting(String name) {
        return new RemoteStream() {
            @Override
            public void pause() {
                calls.add(name + " pause");
            }

            @Override
            public void resume() {
                calls.add(name + " resume");
            }

            @Override
            public void close() {
                calls.add(name + " close");
            }
        };
    }
}
