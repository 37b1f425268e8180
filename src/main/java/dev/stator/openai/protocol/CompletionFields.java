package dev.stator.openai.protocol;

import dev.stator.engine.hints.RequestHints;
import dev.stator.platform.codec.JsonField;

import java.util.OptionalInt;

/// What every kind of completion request may say besides its prompt.
///
/// @param topLogprobs alternatives per token, 0 for none besides the sampled; empty for no logprobs
/// @param cacheSalt keeps equal prompts of others from sharing cached blocks; empty for none
/// @param hints what is said to those that place and order it
/// @param extras what is wanted besides the output
public record CompletionFields(
        SamplingFields sampling,
        LengthFields length,
        DeliveryFields delivery,
        OptionalInt topLogprobs,
        String cacheSalt,
        RequestHints hints,
        ExtraFields extras) {

    static CompletionFields parse(JsonField body, OptionalInt topLogprobs, HintSource source) {
        RequestHints hints = HintReader.read(body, source);
        return new CompletionFields(
                SamplingFields.parse(body),
                LengthFields.parse(body),
                DeliveryFields.parse(body),
                topLogprobs,
                HintReader.cacheSalt(body, source),
                hints,
                HintReader.extras(body, source, hints.asksForWorkerOnly()));
    }
}
