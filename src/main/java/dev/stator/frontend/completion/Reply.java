package dev.stator.frontend.completion;

import dev.stator.engine.EngineFailure;
import dev.stator.openai.response.Delta;
import dev.stator.openai.response.Usage;

/// Where the output of one request goes. Calls come one at a time, none after `complete` or
/// `fail`; none blocks.
public interface Reply {

    /// The engine has begun with a choice.
    void begin(int choice);

    void deliver(int choice, Delta delta);

    /// Some time has passed: a sign of life is due if there was none meanwhile.
    void keepAlive();

    /// The choice has ended.
    void finish(int choice, String finishReason);

    /// All choices have.
    void complete(Usage usage);

    /// The request broke off, perhaps before it began.
    void fail(EngineFailure failure);
}
