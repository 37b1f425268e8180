package dev.stator.launch.fleet;

import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.launch.planes.Planes;
import dev.stator.model.ModelFolderException;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.live.RoutedEngine;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceChange;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/// Finds the models that workers serve and puts a fleet before each. Thread-safe.
///
/// A model is opened on a thread of its own, because its tokenizer takes a while. It stays known
/// when its last worker has gone, so that requests are told to come back. Its first worker says
/// where the others are found, how large blocks are and, if it likes, in which mode is routed to
/// them. Later ones do not change that, but the first one after all have gone does.
public final class Fleets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Fleets.class);
    private static final Duration AUDIT_PERIOD = Duration.ofSeconds(1);

    private final Planes planes;
    private final Settings settings;
    private final Predicate<EndpointId> scope;
    private final Opening opening;
    private final Observers observers;
    private final Map<String, Known> models = new ConcurrentSkipListMap<>();
    private final Map<Instance.Key, String> workers = new HashMap<>(); // model; by openings alone
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();
    private final ExecutorService openings = daemon("model-opening");
    private final ExecutorService audits = daemon("fleet-audit");
    private final WakeupThread wakeups = new WakeupThread();
    private final Discovery.Watch watch;

    /// Hears of a model before its fleet is used, on the opening thread.
    @FunctionalInterface
    public interface Opening {

        /// Throws `ModelFolderException` or `IllegalArgumentException` when the model cannot be
        /// served; then it is tried again with the next worker of it.
        void onModel(WorkerCard card, ModelFleet fleet);
    }

    private record Known(ModelFleet fleet, Kind kind) {}

    /// What all workers of a model have in common.
    private record Kind(EndpointId at, int blockSizeTokens, RoutingMode mode) {}

    /// How every router is set up.
    ///
    /// @param admission when requests wait for workers
    /// @param profiles the classes of requests of models that have their own
    /// @param caches how it knows what workers hold
    /// @param sharesBookings whether other routers of the same workers are told what is booked, and
    ///     heard
    public record Settings(
            RouterConfig router,
            AdmissionConfig admission,
            Map<String, PolicyProfile> profiles,
            CacheKnowledge caches,
            boolean sharesBookings) {
        public Settings {
            profiles = Map.copyOf(profiles);
        }

        /// The same classes of requests for all models.
        public Settings(
                RouterConfig router,
                AdmissionConfig admission,
                CacheKnowledge caches,
                boolean sharesBookings) {
            this(router, admission, Map.of(), caches, sharesBookings);
        }

        AdmissionConfig admissionOf(String model) {
            PolicyProfile own = profiles.get(model);
            return own == null ? admission : admission.withProfile(own);
        }

        /// The same with another mode.
        Settings withMode(RoutingMode mode) {
            return new Settings(router.withMode(mode), admission, profiles, caches, sharesBookings);
        }
    }

    /// @param scope the workers that may be used, by where they are found
    Fleets(
            Planes planes,
            Settings settings,
            Predicate<EndpointId> scope,
            Opening opening,
            Observers observers) {
        this.planes = planes;
        this.settings = settings;
        this.scope = scope;
        this.opening = opening;
        this.observers = observers;
        this.watch = planes.discovery().watch(this::onChange);
        audits.execute(this::audit);
    }

    /// The fleets of all models known, by the models' names.
    public Collection<ModelFleet> all() {
        return models.values().stream().map(Known::fleet).toList();
    }

    public Optional<ModelFleet> find(String model) {
        return Optional.ofNullable(models.get(model)).map(Known::fleet);
    }

    /// The router of a model or of an adapter; of the only model by the empty name.
    public Optional<RoutedEngine> router(String model) {
        return (model.isEmpty() ? all().stream().findFirst() : find(model))
                .or(() -> all().stream().filter(it -> it.adapters().contains(model)).findFirst())
                .map(ModelFleet::engine);
    }

    /// What keeps models and workers from being used, for the operator.
    public List<String> complaints() {
        List<String> complaints = new ArrayList<>(failures.values());
        all().forEach(it -> complaints.addAll(it.complaints()));
        return complaints;
    }

    @Override
    public void close() {
        watch.close();
        openings.shutdownNow();
        audits.shutdownNow();
        all().forEach(ModelFleet::close);
        wakeups.close();
    }

    private void onChange(InstanceChange change) {
        Instance instance = change.instance();
        if (change instanceof InstanceChange.Removed) {
            failures.remove(instance.toString());
            openings.execute(() -> workers.remove(instance.key()));
        } else if (instance.card().isPresent() && scope.test(instance.endpoint())) {
            openings.execute(() -> open(instance));
        }
    }

    private void open(Instance instance) {
        try {
            WorkerCard card = WorkerCard.parse(instance.card().orElseThrow());
            open(instance.endpoint(), card);
            workers.put(instance.key(), card.engine().model());
            failures.remove(instance.toString());
        } catch (ModelFolderException | JsonFieldException | IllegalArgumentException e) {
            String complaint = instance + " is not used: " + e.getMessage();
            LOG.warn(complaint);
            failures.put(instance.toString(), complaint);
        } catch (RuntimeException e) {
            LOG.error("{} is not used", instance, e);
        }
    }

    private void open(EndpointId at, WorkerCard card) {
        String model = card.engine().model();
        RoutingMode mode =
                card.routerMode().map(RoutingMode::parse).orElse(settings.router().mode());
        var kind = new Kind(at, card.engine().blockSizeTokens(), mode);
        Known known = models.get(model);
        if (known != null && !known.kind.equals(kind) && !workers.containsValue(model)) {
            models.remove(model);
            known.fleet.close();
            known = null;
        }
        if (known == null) {
            open(card, kind);
        } else if (!known.kind.at.equals(at)) {
            throw new IllegalArgumentException(
                    "%s is served by the workers of %s already".formatted(model, known.kind.at));
        }
    }

    private void open(WorkerCard card, Kind kind) {
        String model = card.engine().model();
        var protocol =
                new WorkerProtocol(kind.at.namespace(), kind.at.component(), kind.at.endpoint());
        var fleet =
                new ModelFleet(
                        planes,
                        protocol,
                        card.engine(),
                        settings.withMode(kind.mode),
                        surroundings(model));
        try {
            opening.onModel(card, fleet);
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
        models.put(model, new Known(fleet, kind));
        LOG.info("model {} is served by the workers of {}", model, kind.at);
    }

    private RoutedEngine.Surroundings surroundings(String model) {
        return new RoutedEngine.Surroundings(
                planes.requests(),
                new RoutedEngine.Clocks(InstantSource.system(), System::nanoTime),
                observers.journal(model),
                wakeups,
                observers.admissions().apply(model));
    }

    /// Once a period until closing: asks the workers for what the indexes may have missed.
    private void audit() {
        try {
            while (!audits.isShutdown()) {
                Thread.sleep(AUDIT_PERIOD);
                all().forEach(ModelFleet::audit);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService daemon(String name) {
        return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    }
}
