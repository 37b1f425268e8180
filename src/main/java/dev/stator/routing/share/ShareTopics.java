package dev.stator.routing.share;

import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.EventCodec;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;

import java.util.List;

/// Where the routers of one endpoint's workers tell each other what `RouterShare` shares.
public final class ShareTopics {
    private static final String SESSIONS = "session_affinity_events";

    /// A name that Dynamo's routers do not listen to: they could not read it.
    private static final String REBALANCES = "router_rebalance_events";

    private ShareTopics() {}

    static Topic<SessionBound> sessions(EndpointId workers) {
        String readable = workers.namespace() + ".router.sessions";
        String dynamo = subject(workers, SESSIONS);
        return new Topic<>(
                new Subject(workers.namespace(), workers.component(), SESSIONS),
                SessionBound.class,
                new EventCodec<>(
                        new SessionForm(readable, List.of(readable)),
                        new SessionForm(dynamo, List.of(dynamo))));
    }

    /// What is replicated on purpose; `{namespace}.router.rebalance` in the readable layout.
    public static Topic<Replicated> rebalances(EndpointId workers) {
        String readable = workers.namespace() + ".router.rebalance";
        String dynamo = subject(workers, REBALANCES);
        return new Topic<>(
                new Subject(workers.namespace(), workers.component(), REBALANCES),
                Replicated.class,
                new EventCodec<>(
                        new ReplicatedForm(readable, List.of(readable)),
                        new ReplicatedForm(dynamo, List.of(dynamo))));
    }

    private static String subject(EndpointId workers, String topic) {
        return "namespace."
                + workers.namespace()
                + ".component."
                + workers.component()
                + ".endpoint."
                + workers.endpoint()
                + "."
                + topic;
    }
}
