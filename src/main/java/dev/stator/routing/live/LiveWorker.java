package dev.stator.routing.live;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.eligibility.Capacity;
import dev.stator.runtime.discovery.Instance;

import java.util.OptionalInt;
import java.util.Set;

/// A worker that can be given requests: one rank of a process.
///
/// @param card of the process
/// @param generate where the process takes them
/// @param adapters what it has loaded besides the model
public record LiveWorker(WorkerId id, WorkerCard card, Instance generate, Set<String> adapters) {
    private static final String CPU = "cpu";

    public LiveWorker {
        adapters = Set.copyOf(adapters);
    }

    /// The request as it is sent to this worker: an engine of several ranks is told which one.
    GenerationRequest addressed(GenerationRequest request) {
        boolean isOneOfSeveral = card.ranks().count() > 1;
        return request.withRank(isOneOfSeveral ? OptionalInt.of(id.rank()) : OptionalInt.empty());
    }

    /// The life of its cache.
    public KvEventSource source() {
        return new KvEventSource(id, card.incarnation());
    }

    /// As the router sees it.
    RoutingQuery.Candidate candidate() {
        return new RoutingQuery.Candidate(
                id,
                new Capacity(card.engine().totalBlocks(), card.engine().maxBatchTokens()),
                card.taints(),
                card.publishesEvents(),
                adapters,
                CPU.equals(generate.metadata().get(WorkerProtocol.DEVICE_TYPE)));
    }
}
