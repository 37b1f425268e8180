package dev.stator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An engine whose only generation is moved by the test.
final class HandDrivenEngine implements Engine {
    private final List<String> calls = new ArrayList<>();
    private Optional<TokenSink> sink = Optional.empty();
    private int tokensDuringGenerate;

    TokenSink sink() {
        return sink.orElseThrow();
    }

    /// What was called on the generation's handle.
    List<String> calls() {
        return calls;
    }

    void tokensDuringGenerate(int count) {
        tokensDuringGenerate = count;
    }

    @Override
    public EngineInfo info() {
        return new EngineInfo("hand-driven", 1, 1, 1, 1, 1);
    }

    @Override
    public Generation generate(GenerationRequest request, TokenSink receiver) {
        sink = Optional.of(receiver);
        for (int i = 0; i < tokensDuringGenerate; i++) {
            receiver.onToken(GeneratedToken.of(i));
        }
        return new Generation() {
            @Override
            public void pause() {
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
        };
    }

    @Override
    public void close() {}
}
