package dev.stator.engine.wire;

import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvAnswer.Events;
import dev.stator.kv.cache.KvAnswer.TooNew;
import dev.stator.kv.cache.KvAnswer.TreeDump;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.KvQuery;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.requests.EndpointCodec;
import dev.stator.runtime.requests.ItemReader;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/// Questions to a worker's local indexer, and its answers, in Dynamo's words:
/// `{"worker_id", "start_event_id", "end_event_id", "dp_rank"}` is answered by one of `Events`,
/// `TreeDump`, `TooNew`, `InvalidRange` and `Error`. `incarnation` is ours in both directions.
///
/// @param rank that questions are about which do not say so, as older routers ask
record KvQueryCodec(int rank) implements EndpointCodec<KvQuery, KvAnswer> {
    private static final String WORKER_ID = "worker_id";
    private static final String START = "start_event_id";
    private static final String LAST = "last_event_id";
    private static final String NEWEST = "newest_available";
    private static final String EVENTS = "events";

    @Override
    public String requestId(KvQuery query) {
        return UUID.randomUUID().toString();
    }

    @Override
    public JsonValue writeRequest(KvQuery query) {
        var json = new JsonObjectBuilder();
        json.putUnsigned(WORKER_ID, query.source().worker().value());
        query.firstSequence()
                .ifPresentOrElse(it -> json.putUnsigned(START, it), () -> json.putNull(START));
        json.putNull("end_event_id").put(RouterEventJson.RANK, query.source().worker().rank());
        RouterEventJson.putIncarnation(json, query.source());
        return json.build();
    }

    @Override
    public KvQuery readRequest(String requestId, JsonField json) {
        int asked = json.get(RouterEventJson.RANK).isPresent() ? RouterEventJson.rank(json) : rank;
        var source =
                new KvEventSource(
                        new WorkerId(json.get(WORKER_ID).unsignedLong(), asked),
                        RouterEventJson.incarnation(json));
        JsonField start = json.get(START);
        return new KvQuery(
                source,
                start.isPresent() ? OptionalLong.of(start.unsignedLong()) : OptionalLong.empty());
    }

    @Override
    public JsonValue writeItem(KvAnswer answer) {
        JsonObject body =
                switch (answer) {
                    case Events(var source, var events, var last) ->
                            variant("Events", source, listed(events, last));
                    case TreeDump(var source, var chains, var last) ->
                            variant("TreeDump", source, listed(numbered(source, chains), last));
                    case TooNew(var source, var last) ->
                            variant(
                                    "TooNew",
                                    source,
                                    new JsonObjectBuilder()
                                            .putNulls("requested_start", "requested_end")
                                            .putUnsigned(NEWEST, last));
                };
        return new JsonObjectBuilder().put("data", body).build();
    }

    @Override
    public ItemReader<KvAnswer> reader(KvQuery query) {
        return element -> List.of(answer(query, element.get("data")));
    }

    private static JsonObject variant(String name, KvEventSource source, JsonObjectBuilder body) {
        RouterEventJson.putIncarnation(body, source);
        return new JsonObjectBuilder().put(name, body.build()).build();
    }

    private static JsonObjectBuilder listed(List<WorkerKvEvent> events, long last) {
        return new JsonObjectBuilder()
                .putAll(EVENTS, events.stream().map(RouterEventJson::write).toList())
                .putUnsigned(LAST, last);
    }

    /// A dump is a list of events with numbers of its own, from 0 on.
    private static List<WorkerKvEvent> numbered(KvEventSource source, List<Stored> chains) {
        List<WorkerKvEvent> events = new ArrayList<>();
        for (Stored chain : chains) {
            events.add(new WorkerKvEvent(source, events.size(), chain));
        }
        return events;
    }

    private static KvAnswer answer(KvQuery query, JsonField json) {
        KvEventSource asked = query.source();
        JsonField events = json.get("Events");
        if (events.isPresent()) {
            List<WorkerKvEvent> replayed = events(events);
            long before = query.firstSequence().orElse(1) - 1;
            return new Events(source(asked, events), replayed, last(events, replayed, before));
        }
        JsonField dump = json.get("TreeDump");
        if (dump.isPresent()) {
            List<WorkerKvEvent> held = events(dump);
            return new TreeDump(source(asked, dump), chains(dump, held), last(dump, held, 0));
        }
        JsonField tooNew = json.get("TooNew");
        if (tooNew.isPresent()) {
            return new TooNew(source(asked, tooNew), tooNew.get(NEWEST).unsignedLong());
        }
        throw json.invalid("must be Events, TreeDump or TooNew");
    }

    /// Older workers do not say which event is the last one.
    private static long last(JsonField body, List<WorkerKvEvent> events, long otherwise) {
        if (body.isObject()) {
            return body.get(LAST).unsignedLong();
        }
        return events.isEmpty() ? otherwise : events.getLast().sequence();
    }

    private static KvEventSource source(KvEventSource asked, JsonField body) {
        boolean says = body.isObject() && body.get(RouterEventJson.INCARNATION).isPresent();
        return says ? new KvEventSource(asked.worker(), RouterEventJson.incarnation(body)) : asked;
    }

    /// The events, which older workers send without anything around.
    private static List<WorkerKvEvent> events(JsonField body) {
        JsonField list = body.isArray() ? body : body.get(EVENTS);
        return list.items().stream().map(RouterEventJson::read).toList();
    }

    /// What lies in foreign tiers is read as the removal of nothing.
    private static List<Stored> chains(JsonField dump, List<WorkerKvEvent> events) {
        List<Stored> chains = new ArrayList<>();
        for (WorkerKvEvent event : events) {
            switch (event.event()) {
                case Stored stored -> chains.add(stored);
                case Removed(var blocks, _) when blocks.isEmpty() -> {}
                case Removed _, Cleared _ -> throw dump.invalid("must hold stored events only");
            }
        }
        return chains;
    }
}
