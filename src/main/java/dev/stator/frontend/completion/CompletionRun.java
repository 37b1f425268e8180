package dev.stator.frontend.completion;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationEnd.Failed;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenSink;
import dev.stator.openai.output.OutputDecoder;
import dev.stator.openai.prompt.PreparedPrompt;
import dev.stator.openai.response.Delta;
import dev.stator.openai.response.Usage;
import dev.stator.platform.http.SseStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// One request at work: its generations on one side, its reply on the other.
///
/// Ends exactly once: completed, failed, or abandoned by the client. The lock guards everything
/// but the handles, and is never held while an engine is called.
public final class CompletionRun implements SseStream.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(CompletionRun.class);

    private final PreparedPrompt prompt;
    private final RequestRecord requestRecord; // guarded by this
    private final Reply reply; // guarded by this
    private final List<ChoiceRun> choices = new ArrayList<>();
    private int openChoices; // guarded by this
    private int cachedTokens; // guarded by this
    private boolean ended; // guarded by this

    /// @param reply makes the reply, given who hears of a client that does not keep up
    public CompletionRun(
            PreparedPrompt prompt,
            Supplier<OutputDecoder> decoders,
            RequestRecord requestRecord,
            Function<SseStream.Listener, Reply> reply) {
        this.prompt = prompt;
        this.requestRecord = requestRecord;
        this.reply = reply.apply(this);
        this.openChoices = prompt.generations().size();
        for (int index = 0; index < openChoices; index++) {
            choices.add(new ChoiceRun(index, decoders.get()));
        }
    }

    /// Starts every choice.
    public void start(Engine engine) {
        try {
            for (ChoiceRun choice : choices) {
                choice.handle.attach(
                        engine.generate(prompt.generations().get(choice.index), choice));
            }
        } catch (RuntimeException e) {
            LOG.error("the engine could not be asked", e);
            fail(EngineFailure.of(FailureKind.INTERNAL, "internal error"));
        }
    }

    /// The client has left.
    public void abandon() {
        if (endOnce(RequestRecord.CLIENT_GONE)) {
            closeAll();
        }
    }

    /// The time it may take is over.
    public void timeOut(Duration limit) {
        fail(
                EngineFailure.of(
                        FailureKind.TIMED_OUT,
                        "the request took longer than %d ms".formatted(limit.toMillis())));
    }

    /// Lets the client of a stream know that it is worked on.
    public synchronized void keepAlive() {
        if (!ended) {
            reply.keepAlive();
        }
    }

    @Override
    public void onFull() {
        choices.forEach(choice -> choice.handle.pause());
    }

    @Override
    public void onRoom() {
        choices.forEach(choice -> choice.handle.resume());
    }

    private void closeAll() {
        choices.forEach(choice -> choice.handle.close());
    }

    /// Whether this call ended the run.
    private synchronized boolean endOnce(int status) {
        if (ended) {
            return false;
        }
        ended = true;
        requestRecord.end(status, usage());
        return true;
    }

    private void fail(EngineFailure failure) {
        boolean first;
        synchronized (this) {
            first = endOnce(Replies.status(failure.kind()));
            if (first) {
                reply.fail(failure);
            }
        }
        if (first) {
            closeAll();
        }
    }

    private synchronized Usage usage() {
        int output = 0;
        int reasoning = 0;
        for (ChoiceRun choice : choices) {
            output += choice.decoder.tokens();
            reasoning += choice.decoder.reasoningTokens();
        }
        return new Usage(prompt.promptTokens(), cachedTokens, output, reasoning);
    }

    /// One generation and what the client sees of it.
    private final class ChoiceRun implements TokenSink {
        final int index;
        final OutputDecoder decoder; // guarded by the run
        final GenerationHandle handle = new GenerationHandle();
        private boolean begun; // guarded by the run
        private boolean finished; // guarded by the run

        ChoiceRun(int index, OutputDecoder decoder) {
            this.index = index;
            this.decoder = decoder;
        }

        @Override
        public void onStart(GenerationStart start) {
            synchronized (CompletionRun.this) {
                if (!ended) {
                    requestRecord.onStart(start);
                    cachedTokens = Math.max(cachedTokens, start.cachedTokens());
                    begin();
                }
            }
        }

        @Override
        public void onToken(GeneratedToken token) {
            boolean stopped;
            synchronized (CompletionRun.this) {
                if (ended || finished) {
                    return;
                }
                requestRecord.onToken();
                begin();
                deliver(decoder.accept(token));
                stopped = decoder.isStopped();
                if (stopped) {
                    finish("stop");
                }
            }
            if (stopped) {
                handle.close();
            }
        }

        @Override
        public void onEnd(GenerationEnd end) {
            switch (end) {
                case Finished(var reason, var usage) -> {
                    learnCachedTokens(usage.cachedTokens());
                    finishUnlessEnded(reason);
                }
                case Failed(var failure) -> failUnlessFinished(failure);
            }
        }

        /// Some engines say only at the end what they found in their caches.
        private void learnCachedTokens(int tokens) {
            synchronized (CompletionRun.this) {
                cachedTokens = Math.max(cachedTokens, tokens);
            }
        }

        private void finishUnlessEnded(FinishReason reason) {
            if (reason == FinishReason.CANCELLED) {
                failUnlessFinished(
                        EngineFailure.of(FailureKind.UNAVAILABLE, "the engine is shutting down"));
                return;
            }
            synchronized (CompletionRun.this) {
                if (!ended && !finished) {
                    begin();
                    deliver(decoder.finish());
                    finish(reason == FinishReason.LENGTH ? "length" : "stop");
                }
            }
        }

        private void failUnlessFinished(EngineFailure failure) {
            boolean mine;
            synchronized (CompletionRun.this) {
                mine = !finished;
            }
            if (mine) {
                fail(failure);
            }
        }

        private void begin() {
            if (!begun) {
                begun = true;
                reply.begin(index);
            }
        }

        private void deliver(Delta delta) {
            if (!delta.isEmpty()) {
                reply.deliver(index, delta);
            }
        }

        private void finish(String finishReason) {
            finished = true;
            reply.finish(index, finishReason);
            openChoices--;
            if (openChoices == 0) {
                Usage usage = usage();
                endOnce(200);
                reply.complete(usage);
            }
        }
    }
}
