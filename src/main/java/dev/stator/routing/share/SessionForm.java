package dev.stator.routing.share;

import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.routing.affinity.Bond;
import dev.stator.routing.affinity.SessionTable.Version;
import dev.stator.runtime.events.EventForm;

import java.util.List;

/// Bindings of sessions, the same JSON in both layouts: Dynamo's `SessionAffinityUpdate` of 1.5 and
/// 1.6.
///
/// ```
/// {"session_id": "chat-7", "worker_id": 42, "dp_rank": 0, "sequence": 9, "writer_id": 5,
///  "context_tokens": 1600}
/// ```
///
/// `context_tokens` is ours: other readers ignore it. A `dp_rank` of null is read as rank 0.
record SessionForm(String subjectName, List<String> patterns) implements EventForm<SessionBound> {
    private static final String SESSION = "session_id";
    private static final String WORKER = "worker_id";
    private static final String RANK = "dp_rank";
    private static final String SEQUENCE = "sequence";
    private static final String WRITER = "writer_id";
    private static final String CONTEXT = "context_tokens";

    SessionForm {
        patterns = List.copyOf(patterns);
    }

    @Override
    public String subject(SessionBound event) {
        return subjectName;
    }

    @Override
    public JsonValue write(SessionBound event) {
        WorkerId worker = event.bond().worker();
        return new JsonObjectBuilder()
                .put(SESSION, event.session())
                .putUnsigned(WORKER, worker.value())
                .put(RANK, worker.rank())
                .putUnsigned(SEQUENCE, event.version().sequence())
                .putUnsigned(WRITER, event.version().writer())
                .put(CONTEXT, event.bond().contextTokens())
                .build();
    }

    @Override
    public SessionBound read(JsonField json) {
        var worker =
                new WorkerId(
                        json.get(WORKER).unsignedLong(),
                        json.get(RANK).integerOr(0, 0, Integer.MAX_VALUE));
        return new SessionBound(
                json.get(SESSION).string(),
                new Bond(worker, json.get(CONTEXT).integerOr(0, 0, Long.MAX_VALUE)),
                new Version(json.get(SEQUENCE).unsignedLong(), json.get(WRITER).unsignedLong()));
    }
}
