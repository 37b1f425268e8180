package dev.stator.engine.remote;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.remote.RemoteConfig.Known;
import dev.stator.engine.remote.dialect.Dialect;
import dev.stator.engine.remote.dialect.LlamaCppDialect;
import dev.stator.engine.remote.dialect.SglangDialect;
import dev.stator.engine.remote.dialect.TextDialect;
import dev.stator.engine.remote.dialect.VllmDialect;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Finds out what kind of server there is and what it says of itself.
///
/// * SGLang answers `/get_server_info`, or `/server_info` since its 0.5.
/// * llama.cpp answers `/props`.
/// * vLLM answers `/version`, its KV cache stands in `/metrics`.
/// * All of them, and others, list their models at `/v1/models`, often with the context length.
final class ServerProbe {
    private static final int BLOCK_SIZE = 16;
    private static final int BATCH_TOKENS = 8_192;
    private static final int SEQUENCES = 256;

    private final ServerQuestions questions;
    private final RemoteConfig config;

    ServerProbe(ServerQuestions questions, RemoteConfig config) {
        this.questions = questions;
        this.config = config;
    }

    /// Throws `IOException` when nothing answers, or not as the wanted dialect does.
    RemoteServer probe() throws IOException, InterruptedException {
        Optional<JsonField> models = questions.json("/v1/models");
        List<String> order =
                config.dialect()
                        .map(List::of)
                        .orElse(
                                List.of(
                                        SglangDialect.NAME,
                                        LlamaCppDialect.NAME,
                                        VllmDialect.NAME));
        for (String name : order) {
            Optional<Found> found = find(name);
            if (found.isPresent()) {
                return server(found.get(), models);
            }
        }
        if (config.dialect().isEmpty() && models.isPresent()) {
            return server(new Found(TextDialect.NAME, "OpenAI", Known.NOTHING), models);
        }
        throw new IOException(
                "no %s at %s: %s"
                        .formatted(
                                config.dialect().orElse("engine"),
                                config.address(),
                                questions.complaints()));
    }

    /// What one kind of server says of itself.
    private record Found(String dialect, String software, Known said) {}

    private Optional<Found> find(String dialect) throws IOException, InterruptedException {
        return switch (dialect) {
            case SglangDialect.NAME -> sglang();
            case LlamaCppDialect.NAME -> llamaCpp();
            case VllmDialect.NAME -> vllm();
            case TextDialect.NAME ->
                    Optional.of(new Found(TextDialect.NAME, "OpenAI", Known.NOTHING));
            default -> throw new IllegalArgumentException("no such dialect: " + dialect);
        };
    }

    private Optional<Found> sglang() throws IOException, InterruptedException {
        Optional<JsonField> info = questions.json("/get_server_info");
        if (info.isEmpty()) {
            info = questions.json("/server_info");
        }
        return info.filter(it -> it.get("max_total_num_tokens").isPresent())
                .map(
                        it -> {
                            OptionalInt page = number(it, "page_size");
                            OptionalInt tokens = number(it, "max_total_num_tokens");
                            OptionalInt chunk = number(it, "chunked_prefill_size");
                            return new Found(
                                    SglangDialect.NAME,
                                    software("SGLang", it.get("version")),
                                    new Known(
                                            text(it.get("served_model_name")),
                                            number(it, "context_length"),
                                            page,
                                            quotient(tokens, page),
                                            chunk.isPresent()
                                                    ? chunk
                                                    : number(it, "max_prefill_tokens"),
                                            number(it, "max_running_requests")));
                        });
    }

    /// The context length is that of one slot; there are no blocks, so the tokens of all slots are
    /// counted in blocks of the caller's or the default size.
    private Optional<Found> llamaCpp() throws IOException, InterruptedException {
        return questions
                .json("/props")
                .filter(it -> it.get("default_generation_settings").isObject())
                .map(
                        it -> {
                            OptionalInt context =
                                    number(it.get("default_generation_settings"), "n_ctx");
                            OptionalInt slots = number(it, "total_slots");
                            int size = config.known().blockSizeTokens().orElse(BLOCK_SIZE);
                            return new Found(
                                    LlamaCppDialect.NAME,
                                    software("llama.cpp", it.get("build_info")),
                                    new Known(
                                            text(it.get("model_alias")),
                                            context,
                                            OptionalInt.empty(),
                                            product(context, slots.orElse(1), size),
                                            OptionalInt.empty(),
                                            slots));
                        });
    }

    private Optional<Found> vllm() throws IOException, InterruptedException {
        Optional<JsonField> version = questions.json("/version").map(it -> it.get("version"));
        if (version.isEmpty() || !version.get().isString()) {
            return Optional.empty();
        }
        CacheMetrics cache = CacheMetrics.read(questions.text("/metrics").orElse(""));
        return Optional.of(
                new Found(
                        VllmDialect.NAME,
                        software("vLLM", version.get()),
                        new Known(
                                Optional.empty(),
                                OptionalInt.empty(),
                                cache.blockSizeTokens(),
                                quotient(cache.totalBlocks(), OptionalInt.of(config.ranks())),
                                OptionalInt.empty(),
                                OptionalInt.empty())));
    }

    private RemoteServer server(Found found, Optional<JsonField> models) throws IOException {
        Known said = found.said().or(listed(models));
        Known known = config.known().or(said);
        String model =
                known.model().orElseThrow(() -> unknown("the model's name", "--served-model-name"));
        int context =
                known.contextLengthTokens()
                        .orElseThrow(() -> unknown("the context length", "--context-length"));
        int blockSize = known.blockSizeTokens().orElse(BLOCK_SIZE);
        var info =
                new EngineInfo(
                        model,
                        context,
                        blockSize,
                        known.totalBlocks().orElse(Math.ceilDiv(context, blockSize)),
                        known.maxBatchTokens().orElse(BATCH_TOKENS),
                        known.maxSequences().orElse(SEQUENCES));
        Dialect dialect = dialect(found.dialect(), said.model().orElse(model));
        if (config.ranks() > 1 && !dialect.choosesRanks()) {
            throw new IOException(
                    "%s at %s cannot be given requests for one of %d ranks"
                            .formatted(found.software(), config.address(), config.ranks()));
        }
        return new RemoteServer(dialect, found.software(), said, info);
    }

    private Dialect dialect(String name, String model) {
        return switch (name) {
            case SglangDialect.NAME -> new SglangDialect();
            case LlamaCppDialect.NAME -> new LlamaCppDialect(config.tokenizer());
            case TextDialect.NAME -> new TextDialect(model, config.tokenizer());
            default -> new VllmDialect(model);
        };
    }

    private IOException unknown(String what, String flag) {
        return new IOException(
                "the engine at %s does not tell %s; give it by %s"
                        .formatted(config.address(), what, flag));
    }

    /// The first model of the list that is no adapter of another one.
    private static Known listed(Optional<JsonField> models) {
        Optional<JsonField> base =
                models.map(it -> it.get("data"))
                        .filter(JsonField::isArray)
                        .flatMap(
                                it ->
                                        it.items().stream()
                                                .filter(JsonField::isObject)
                                                .filter(model -> !model.get("parent").isPresent())
                                                .findFirst());
        return base.map(
                        it ->
                                new Known(
                                        text(it.get("id")),
                                        number(it, "max_model_len"),
                                        OptionalInt.empty(),
                                        OptionalInt.empty(),
                                        OptionalInt.empty(),
                                        OptionalInt.empty()))
                .orElse(Known.NOTHING);
    }

    private static String software(String name, JsonField version) {
        return text(version).map(it -> name + " " + it).orElse(name);
    }

    private static Optional<String> text(JsonField field) {
        return field.isString() && !field.string().isEmpty()
                ? Optional.of(field.string())
                : Optional.empty();
    }

    /// A positive number; anything else counts as not said.
    private static OptionalInt number(JsonField object, String name) {
        try {
            return OptionalInt.of(object.get(name).integer(1, Integer.MAX_VALUE));
        } catch (JsonFieldException _) {
            return OptionalInt.empty();
        }
    }

    private static OptionalInt quotient(OptionalInt dividend, OptionalInt divisor) {
        return dividend.isPresent() && divisor.isPresent()
                ? OptionalInt.of(dividend.getAsInt() / divisor.getAsInt())
                : OptionalInt.empty();
    }

    private static OptionalInt product(OptionalInt context, int slots, int size) {
        return context.isPresent()
                ? OptionalInt.of(
                        (int) Math.min(Integer.MAX_VALUE, (long) context.getAsInt() * slots / size))
                : OptionalInt.empty();
    }
}
