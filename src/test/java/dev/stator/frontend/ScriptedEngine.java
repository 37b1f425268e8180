package dev.stator.frontend;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenLogprobs;
import dev.stator.engine.TokenSink;
import dev.stator.engine.TokenUsage;
import dev.stator.testing.ByteTokenizer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/// An engine that plays a script per request, on a virtual thread each, and remembers what was
/// asked of it. Its tokens are those of `ByteTokenizer`.
final class ScriptedEngine implements Engine {
    static final int CONTEXT_TOKENS = 20_000;

    private final Script script;
    private final List<Play> plays = new CopyOnWriteArrayList<>();

    /// What happens to one request.
    interface Script {
        void run(Play play) throws Exception;
    }

    ScriptedEngine(Script script) {
        this.script = script;
    }

    /// Answers every prompt with `text`.
    static ScriptedEngine saying(String text) {
        return new ScriptedEngine(
                play -> {
                    play.start();
                    play.say(text);
                    play.stop();
                });
    }

    static ScriptedEngine failing(EngineFailure failure) {
        return new ScriptedEngine(play -> play.fail(failure));
    }

    static ScriptedEngine failing(FailureKind kind) {
        return failing(EngineFailure.of(kind, "scripted: " + kind));
    }

    List<Play> plays() {
        return plays;
    }

    @Override
    public EngineInfo info() {
        return new EngineInfo("scripted", CONTEXT_TOKENS, 16, 1_000, 2_048, 64);
    }

    @Override
    public Generation generate(GenerationRequest request, TokenSink sink) {
        var play = new Play(request, sink);
        plays.add(play);
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                script.run(play);
                            } catch (Exception e) {
                                play.fail(EngineFailure.of(FailureKind.INTERNAL, e.toString()));
                            }
                        });
        return play;
    }

    @Override
    public void close() {
        plays.forEach(Play::close);
    }

    /// One request's run, and the handle on it.
    static final class Play implements Generation {
        private final GenerationRequest request;
        private final TokenSink sink;
        private final Semaphore steps = new Semaphore(0);
        private boolean paused; // guarded by this
        private boolean closed; // guarded by this
        private int tokens;
        private boolean ended; // guarded by this

        private Play(GenerationRequest request, TokenSink sink) {
            this.request = request;
            this.sink = sink;
        }

        GenerationRequest request() {
            return request;
        }

        synchronized boolean isPaused() {
            return paused;
        }

        synchronized boolean isClosed() {
            return closed;
        }

        /// Lets a script that waits in `awaitStep` go on.
        void step() {
            steps.release();
        }

        void awaitStep() throws InterruptedException {
            steps.acquire();
        }

        synchronized void awaitResumed() throws InterruptedException {
            while (paused && !closed) {
                wait();
            }
        }

        /// Whether it has as many tokens as were asked for.
        boolean isLong() {
            return tokens >= request.stops().maxTokens();
        }

        void start() {
            sink.onStart(new GenerationStart("worker-1", 3));
        }

        void say(String text) {
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                if (isClosed() || isLong()) {
                    return;
                }
                token(b & 0xff);
            }
        }

        void token(int id) {
            tokens++;
            sink.onToken(new GeneratedToken(id, logprobs(id)));
        }

        private Optional<TokenLogprobs> logprobs(int id) {
            if (request.topLogprobs().isEmpty()) {
                return Optional.empty();
            }
            var candidates =
                    List.of(
                            new TokenLogprobs.Candidate(id, -0.5f),
                            new TokenLogprobs.Candidate('x', Float.NEGATIVE_INFINITY));
            int count = Math.min(candidates.size(), request.topLogprobs().getAsInt());
            return Optional.of(new TokenLogprobs(-0.5f, candidates.subList(0, count)));
        }

        /// Ends by itself, and says only now what it had found in its cache.
        void stopHavingCached(int cachedTokens) {
            end(
                    new GenerationEnd.Finished(
                            FinishReason.STOP,
                            new TokenUsage(request.prompt().size(), cachedTokens, tokens)));
        }

        /// Ends as an engine would: by the stop token, by length, or cancelled.
        void stop() {
            if (isClosed()) {
                finish(FinishReason.CANCELLED);
            } else if (isLong()) {
                finish(FinishReason.LENGTH);
            } else {
                token(ByteTokenizer.END);
                finish(FinishReason.STOP);
            }
        }

        void finish(FinishReason reason) {
            var usage = new TokenUsage(request.prompt().size(), 3, tokens);
            end(new GenerationEnd.Finished(reason, usage));
        }

        void fail(EngineFailure failure) {
            end(new GenerationEnd.Failed(failure));
        }

        private void end(GenerationEnd end) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
            }
            sink.onEnd(end);
        }

        @Override
        public synchronized void pause() {
            paused = true;
        }

        @Override
        public synchronized void resume() {
            paused = false;
            notifyAll();
        }

        @Override
        public synchronized void close() {
            closed = true;
            notifyAll();
            steps.release(1_000);
        }
    }
}
