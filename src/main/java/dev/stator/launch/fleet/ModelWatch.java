package dev.stator.launch.fleet;

import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.frontend.ModelDirectory;
import dev.stator.frontend.ServedModel;
import dev.stator.launch.engines.ChatModel;
import dev.stator.launch.planes.Planes;
import dev.stator.model.ModelFolderException;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.routing.RouterConfig;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceChange;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Finds the models that workers serve and puts a fleet before each. Thread-safe.
///
/// A model is opened on a thread of its own, because its tokenizer takes a while. It stays known
/// when its last worker has gone, so that requests are told to come back; it is listed only while
/// it has workers.
public final class ModelWatch implements ModelDirectory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelWatch.class);

    private final Planes planes;
    private final RouterConfig router;
    private final Scope scope;
    private final Map<String, Known> models = new ConcurrentSkipListMap<>();
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();
    private final ExecutorService opening =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("model-opening").factory());
    private final Discovery.Watch watch;

    /// Which models are served here and how they are opened.
    ///
    /// @param namespace whose workers are used; all when empty
    /// @param opener makes of a worker's card what speaks the model's language; may throw
    ///     `ModelFolderException` and `IllegalArgumentException`
    public record Scope(Optional<String> namespace, Opener opener) {}

    /// Opens the model that a card describes.
    @FunctionalInterface
    public interface Opener {
        ChatModel open(WorkerCard card);
    }

    private record Known(ServedModel model, ModelFleet fleet, EndpointId at) {}

    public ModelWatch(Planes planes, RouterConfig router, Scope scope) {
        this.planes = planes;
        this.router = router;
        this.scope = scope;
        this.watch = planes.discovery().watch(this::onChange);
    }

    @Override
    public List<ServedModel> all() {
        return models.values().stream()
                .filter(it -> !it.fleet.workers().isEmpty())
                .map(Known::model)
                .toList();
    }

    @Override
    public Optional<ServedModel> find(String name) {
        return Optional.ofNullable(models.get(name)).map(Known::model);
    }

    /// The fleets of all models known.
    public Collection<ModelFleet> fleets() {
        return models.values().stream().map(Known::fleet).toList();
    }

    /// What keeps models and workers from being used, for the operator.
    public List<String> complaints() {
        var all = new ArrayList<>(failures.values());
        fleets().forEach(it -> all.addAll(it.complaints()));
        return all;
    }

    @Override
    public void close() {
        watch.close();
        opening.shutdownNow();
        fleets().forEach(ModelFleet::close);
    }

    private void onChange(InstanceChange change) {
        Instance instance = change.instance();
        boolean isOurs =
                scope.namespace().isEmpty()
                        || scope.namespace().get().equals(instance.endpoint().namespace());
        if (isOurs && instance.card().isPresent() && !(change instanceof InstanceChange.Removed)) {
            opening.execute(() -> open(instance));
        }
    }

    private void open(Instance instance) {
        EndpointId at = instance.endpoint();
        try {
            WorkerCard card = WorkerCard.parse(instance.card().orElseThrow());
            String name = card.engine().model();
            Known known = models.get(name);
            if (known == null) {
                models.put(name, open(at, card));
                LOG.info("model {} is served by the workers of {}", name, at);
            } else if (!known.at.equals(at)) {
                throw new IllegalArgumentException(
                        "%s is served by the workers of %s already".formatted(name, known.at));
            }
            failures.remove(instance.toString());
        } catch (ModelFolderException | JsonFieldException | IllegalArgumentException e) {
            String complaint = instance + " is not used: " + e.getMessage();
            LOG.warn(complaint);
            failures.put(instance.toString(), complaint);
        }
    }

    private Known open(EndpointId at, WorkerCard card) {
        ChatModel model = scope.opener().open(card);
        var protocol = new WorkerProtocol(at.namespace(), at.component(), at.endpoint());
        var fleet = new ModelFleet(planes, protocol, card.engine(), router);
        var served =
                new ServedModel(
                        card.engine().model(),
                        InstantSource.system().instant().getEpochSecond(),
                        fleet.engine(),
                        model.tokenizer(),
                        model.prompts(),
                        model.model().generation(),
                        model.thinks());
        return new Known(served, fleet, at);
    }
}
