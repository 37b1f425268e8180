package dev.stator.engine.remote;

import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.platform.http.client.HttpAddress;

import java.util.Optional;
import java.util.OptionalInt;

/// Which server to attach to, and what to believe of it.
///
/// @param worker the name in `GenerationStart`
/// @param address of the server, without `/v1`
/// @param dialect the name of a dialect; empty to find out
/// @param apiKey sent as a bearer token
/// @param tokenizer the model's, for what a server leaves out of its answers
/// @param ranks data-parallel ranks it was started with
/// @param known what overrides what the server says of itself
public record RemoteConfig(
        String worker,
        HttpAddress address,
        Optional<String> dialect,
        Optional<String> apiKey,
        Tokenizer tokenizer,
        int ranks,
        Known known,
        RemoteLimits limits) {

    /// Attaches to the server at `url`, whatever it is, and believes what it says.
    public static RemoteConfig of(String worker, String url, Tokenizer tokenizer) {
        return new RemoteConfig(
                worker,
                HttpAddress.parse(url),
                Optional.empty(),
                Optional.empty(),
                tokenizer,
                1,
                Known.NOTHING,
                RemoteLimits.DEFAULT);
    }

    /// Never shows the key.
    @Override
    public String toString() {
        return "RemoteConfig[" + worker + ", " + address + ", " + dialect.orElse("auto") + "]";
    }

    /// What is known of a server, by its own word or by the caller's.
    ///
    /// @param model the name clients ask for; the server is asked by its own name if it tells one
    /// @param contextLengthTokens longest prompt plus output
    /// @param blockSizeTokens tokens of one KV block
    /// @param totalBlocks KV blocks each rank has
    /// @param maxBatchTokens tokens of one step of each rank
    /// @param maxSequences sequences of one step of each rank
    public record Known(
            Optional<String> model,
            OptionalInt contextLengthTokens,
            OptionalInt blockSizeTokens,
            OptionalInt totalBlocks,
            OptionalInt maxBatchTokens,
            OptionalInt maxSequences) {

        public static final Known NOTHING =
                new Known(
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty());

        /// This, and where it is silent `other`.
        Known or(Known other) {
            return new Known(
                    model.or(other::model),
                    first(contextLengthTokens, other.contextLengthTokens),
                    first(blockSizeTokens, other.blockSizeTokens),
                    first(totalBlocks, other.totalBlocks),
                    first(maxBatchTokens, other.maxBatchTokens),
                    first(maxSequences, other.maxSequences));
        }

        private static OptionalInt first(OptionalInt one, OptionalInt other) {
            return one.isPresent() ? one : other;
        }
    }
}
