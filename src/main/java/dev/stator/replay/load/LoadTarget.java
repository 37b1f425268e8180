package dev.stator.replay.load;

import dev.stator.platform.codec.JsonText;
import dev.stator.platform.http.client.ClientRequest;
import dev.stator.platform.http.client.HttpAddress;
import dev.stator.replay.load.ledger.Simulation;
import dev.stator.replay.load.plan.BlockTokens;
import dev.stator.replay.load.plan.PromptBlocks;
import dev.stator.tokens.TokenIds;

import java.util.Optional;

/// What is put under load, and how it is asked.
///
/// @param address without the `/v1`
/// @param api how prompts are sent
/// @param extensions whether `ignore_eos` and `return_token_ids` are sent, which not all know
/// @param simulated what its engines produce, when they are simulated ones
public record LoadTarget(
        HttpAddress address,
        String model,
        Api api,
        boolean extensions,
        Optional<Simulation> simulated,
        Optional<String> apiKey) {
    /// In every vocabulary, and behind the single bytes and most special tokens.
    private static final BlockTokens COMMON_TOKENS = new BlockTokens(256, 1_536);

    /// The ways to send a prompt.
    public enum Api {
        /// Completions of token ids.
        TOKENS("/v1/completions", "completions of token ids"),
        /// Completions of text.
        TEXT("/v1/completions", "completions of text"),
        /// Chat completions.
        CHAT("/v1/chat/completions", "chat completions");

        private final String path;
        private final String words;

        Api(String path, String words) {
            this.path = path;
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    LoadTarget with(Optional<Simulation> found) {
        return new LoadTarget(address, model, api, extensions, found, apiKey);
    }

    /// The same, held against nothing but counts.
    LoadTarget unsimulated() {
        return with(Optional.empty());
    }

    /// How block names become tokens.
    BlockTokens blockTokens() {
        return simulated
                .map(Simulation::range)
                .map(range -> new BlockTokens(range.first(), range.count()))
                .orElse(COMMON_TOKENS);
    }

    /// The token ids of `prompt`, where they and not text are sent.
    Optional<TokenIds> ids(PromptBlocks prompt) {
        return api == Api.TOKENS ? Optional.of(blockTokens().ids(prompt)) : Optional.empty();
    }

    /// @param ids as `ids` says
    /// @param seed of the sampling
    ClientRequest request(
            PromptBlocks prompt, Optional<TokenIds> ids, int outputTokens, long seed) {
        var body = new StringBuilder(256);
        JsonText.appendQuoted(body.append("{\"model\":"), model);
        switch (api) {
            case TOKENS -> appendIds(body.append(",\"prompt\":["), ids.orElseThrow());
            case TEXT ->
                    JsonText.appendQuoted(body.append(",\"prompt\":"), blockTokens().text(prompt));
            case CHAT -> {
                body.append(",\"messages\":[{\"role\":\"user\",\"content\":");
                JsonText.appendQuoted(body, blockTokens().text(prompt));
                body.append("}]");
            }
        }
        body.append(",\"max_tokens\":").append(outputTokens).append(",\"seed\":").append(seed);
        body.append(",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        if (extensions) {
            body.append(",\"ignore_eos\":true");
        }
        if (extensions && simulated.isPresent()) {
            body.append(",\"return_token_ids\":true");
        }
        return authorized(ClientRequest.post(address, api.path, body.append('}').toString()));
    }

    /// A question besides the load.
    ClientRequest get(String path) {
        return authorized(ClientRequest.get(address, path));
    }

    private ClientRequest authorized(ClientRequest request) {
        return apiKey.map(key -> request.with("authorization", "Bearer " + key)).orElse(request);
    }

    private static void appendIds(StringBuilder body, TokenIds ids) {
        for (int i = 0; i < ids.size(); i++) {
            body.append(i == 0 ? "" : ",").append(ids.get(i));
        }
        body.append(']');
    }
}
