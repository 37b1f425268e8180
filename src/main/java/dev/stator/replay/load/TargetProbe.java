package dev.stator.replay.load;

import dev.stator.engine.simulated.TokenRange;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.http.client.HttpAddress;
import dev.stator.platform.http.client.HttpClient;
import dev.stator.platform.http.client.HttpReply;
import dev.stator.replay.load.LoadTarget.Api;
import dev.stator.replay.load.ledger.Simulation;
import dev.stator.replay.load.ledger.SimulationFinder;
import dev.stator.replay.load.plan.PromptBlocks;
import dev.stator.tokens.TokenIds;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/// Finds out before a run what a server serves, how it takes prompts, and whether its engines are
/// simulated ones. Blocks.
public final class TargetProbe {
    private static final Logger LOG = LoggerFactory.getLogger(TargetProbe.class);
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final long SEED = 20_251_120;
    private static final int OUTPUT_TOKENS = 96;

    /// Named by no other prompt, so that a probe warms no cache.
    private static final PromptBlocks PROMPT = new PromptBlocks(new long[] {-1}, 16, 16);

    /// Presumed until it is known, so that the server is asked for token ids.
    private static final Simulation ANY = new Simulation(new TokenRange(256, 256), "");

    private static final Pattern MIGRATIONS =
            Pattern.compile("(?m)^\\w+_model_migration_total(?:\\{[^}]*})? ([0-9.eE+]+)");

    private final HttpClient client;

    TargetProbe(HttpClient client) {
        this.client = client;
    }

    /// What the user says of the target.
    ///
    /// @param model the first that the server serves when absent
    /// @param api found out when absent
    public record Wish(
            HttpAddress address,
            Optional<String> model,
            Optional<Api> api,
            boolean extensions,
            Optional<String> apiKey) {}

    /// Asks for one short answer in each way of sending prompts until one is given. Throws
    /// `IOException` with what the server says when none is.
    LoadTarget find(Wish wish) throws IOException, InterruptedException {
        var nameless =
                new LoadTarget(
                        wish.address(),
                        "",
                        Api.CHAT,
                        wish.extensions(),
                        Optional.of(ANY),
                        wish.apiKey());
        Listed model = model(wish, nameless);
        var refusals = new StringBuilder();
        for (Api api : wish.api().map(List::of).orElse(List.of(Api.values()))) {
            var target =
                    new LoadTarget(
                            wish.address(),
                            model.id,
                            api,
                            wish.extensions(),
                            nameless.simulated(),
                            wish.apiKey());
            ProbeAnswer answer = ask(target);
            if (answer.refusal().isEmpty()) {
                return target.with(simulation(target, model, answer));
            }
            refusals.append("\n  ").append(api.words()).append(": ").append(answer.refusal());
        }
        throw new IOException(wish.address() + " answers no request of the load:" + refusals);
    }

    private ProbeAnswer ask(LoadTarget target) throws IOException, InterruptedException {
        var collector = new ProbeAnswer.Collector();
        var request = target.request(PROMPT, target.ids(PROMPT), OUTPUT_TOKENS, SEED);
        client.stream(request, WITHIN, collector);
        return wait(collector.answer());
    }

    private static Optional<Simulation> simulation(
            LoadTarget target, Listed model, ProbeAnswer answer) {
        TokenIds prompt = target.ids(PROMPT).orElse(answer.prompt());
        return prompt.isEmpty()
                ? Optional.empty()
                : SimulationFinder.find(
                        model.isAdapter ? model.id : "", prompt, SEED, answer.output());
    }

    /// A model as the server lists it.
    private record Listed(String id, boolean isAdapter) {}

    /// The model that is wished for, or the first one. What a server does not list is taken for a
    /// model of its own.
    private Listed model(Wish wish, LoadTarget target) throws IOException, InterruptedException {
        if (wish.model().isEmpty()) {
            return models(target).stream()
                    .findFirst()
                    .orElseThrow(() -> new IOException(target.address() + " lists no model"));
        }
        String model = wish.model().get();
        List<Listed> listed = List.of();
        try {
            listed = models(target);
        } catch (IOException e) {
            LOG.debug("the models of {} are not known: {}", target.address(), e.getMessage());
        }
        return listed.stream()
                .filter(it -> it.id.equals(model))
                .findFirst()
                .orElseGet(() -> new Listed(model, false));
    }

    private List<Listed> models(LoadTarget target) throws IOException, InterruptedException {
        HttpReply reply = wait(client.fetch(target.get("/v1/models"), WITHIN));
        String asked = target.address() + "/v1/models";
        if (reply.head().status() != 200) {
            throw new IOException(asked + " answers " + reply.head().status());
        }
        try {
            JsonField models = JsonField.root(Json.parse(reply.body(), JsonLimits.REQUEST));
            return models.get("data").items().stream()
                    .map(it -> new Listed(it.get("id").string(), it.get("parent").isPresent()))
                    .toList();
        } catch (JsonException | JsonFieldException e) {
            throw new IOException(asked + " answers no list of models: " + e.getMessage(), e);
        }
    }

    /// Requests that the server has moved from one worker to another so far, when it counts them.
    OptionalLong migrations(LoadTarget target) throws InterruptedException {
        try {
            String metrics = wait(client.fetch(target.get("/metrics"), WITHIN)).body();
            List<Double> counts =
                    MIGRATIONS
                            .matcher(metrics)
                            .results()
                            .map(found -> Double.parseDouble(found.group(1)))
                            .toList();
            return counts.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(
                            (long) counts.stream().mapToDouble(Double::doubleValue).sum());
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    private static <T> T wait(CompletableFuture<T> future)
            throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() == null ? e : e.getCause());
        }
    }
}
