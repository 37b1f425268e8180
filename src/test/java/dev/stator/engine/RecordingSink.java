package dev.stator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps what a generation delivered.
public final class RecordingSink implements TokenSink {
    private final List<GenerationStart> starts = new ArrayList<>();
    private final List<Integer> tokens = new ArrayList<>();
    private final List<GenerationEnd> ends = new ArrayList<>();

    @Override
    public synchronized void onStart(GenerationStart start) {
        starts.add(start);
    }

    @Override
    public synchronized void onToken(GeneratedToken token) {
        tokens.add(token.id());
    }

    @Override
    public synchronized void onEnd(GenerationEnd end) {
        ends.add(end);
    }

    public synchronized List<GenerationStart> starts() {
        return List.copyOf(starts);
    }

    public synchronized List<Integer> tokens() {
        return List.copyOf(tokens);
    }

    public synchronized List<GenerationEnd> ends() {
        return List.copyOf(ends);
    }

    /// The reason of a normal end, if that is how it ended.
    public synchronized Optional<FinishReason> reason() {
        return ends.stream()
                .filter(GenerationEnd.Finished.class::isInstance)
                .map(it -> ((GenerationEnd.Finished) it).reason())
                .findFirst();
    }

    /// The failure, if that is how it ended.
    public synchronized Optional<EngineFailure> failure() {
        return ends.stream()
                .filter(GenerationEnd.Failed.class::isInstance)
                .map(it -> ((GenerationEnd.Failed) it).failure())
                .findFirst();
    }
}
