package dev.stator.replay.trace;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.replay.trace.TraceRequest.Turn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// JSON lines as Mooncake publishes them, and what others made of the format.
///
/// `timestamp` (or `created_time`; ms) or `delay` (or `delay_ms`) after the same session's answer,
/// `input_length` (`input_tokens`, `prompt_tokens`), `output_length` (`output_tokens`,
/// `completion_tokens`), `hash_ids`, `session_id`, and Bailian's `chat_id`, `parent_chat_id`,
/// `turn`, whose times are in seconds. Without `hash_ids` no prompt shares a block with another.
final class MooncakeReader implements TraceReader {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final List<TraceRequest> requests = new ArrayList<>();
    private final Map<String, TraceRequest> lastOfSession = new HashMap<>();
    private final Map<Long, String> sessionOfChat = new HashMap<>();
    private final BlockSize blockSize = new BlockSize();
    private boolean hasIds;
    private long freshId;

    @Override
    public void read(String line) {
        JsonField row = JsonField.root(Json.parse(line, JsonLimits.REQUEST));
        int input =
                first(row, "input_length", "input_tokens", "prompt_tokens")
                        .integer(1, Integer.MAX_VALUE);
        int output =
                first(row, "output_length", "output_tokens", "completion_tokens")
                        .integer(0, Integer.MAX_VALUE);
        Optional<String> session = session(row);
        Optional<TraceRequest> before = session.map(lastOfSession::get);
        Optional<Double> delay = first(row, "delay", "delay_ms").optional().map(JsonField::number);
        long arrival = arrival(row, before, delay);
        Optional<Turn> turn =
                session.map(
                        it ->
                                new Turn(
                                        it,
                                        before.flatMap(TraceRequest::turn)
                                                .map(last -> last.number() + 1)
                                                .orElse(0),
                                        Math.round(delay.orElse(0.0) * NANOS_PER_MILLI),
                                        Optional.empty()));
        var request = new TraceRequest(arrival, input, output, ids(row, input), turn);
        session.ifPresent(it -> lastOfSession.put(it, request));
        requests.add(request);
    }

    @Override
    public Trace trace(String name) {
        int tokens = hasIds ? blockSize.tokens() : BlockSize.USUAL;
        requests.sort((a, b) -> Long.compare(a.arrivalNanos(), b.arrivalNanos()));
        return new Trace(name, tokens, requests);
    }

    private static JsonField first(JsonField row, String... names) {
        for (String name : names) {
            JsonField field = row.get(name);
            if (field.isPresent()) {
                return field;
            }
        }
        return row.get(names[0]);
    }

    private Optional<String> session(JsonField row) {
        JsonField chat = row.get("chat_id");
        if (!chat.isPresent()) {
            return row.get("session_id").optional().map(MooncakeReader::text);
        }
        long parent =
                row.get("parent_chat_id")
                        .optional()
                        .map(it -> it.integer(-1, Long.MAX_VALUE))
                        .orElse(-1L);
        long id = chat.integer(0, Long.MAX_VALUE);
        String session = sessionOfChat.getOrDefault(parent, Long.toString(id));
        sessionOfChat.put(id, session);
        return Optional.of(session);
    }

    private static String text(JsonField field) {
        return field.isString() ? field.string() : Long.toString(field.integer(0, Long.MAX_VALUE));
    }

    private static long arrival(
            JsonField row, Optional<TraceRequest> before, Optional<Double> delay) {
        JsonField time = first(row, "timestamp", "created_time");
        if (time.isPresent() || delay.isEmpty()) {
            boolean isInSeconds = row.get("chat_id").isPresent();
            double number = time.number();
            if (number < 0) {
                throw time.invalid("must not be negative");
            }
            return Math.round(number * (isInSeconds ? NANOS_PER_SECOND : NANOS_PER_MILLI));
        }
        return before.map(TraceRequest::arrivalNanos).orElse(0L)
                + Math.round(delay.get() * NANOS_PER_MILLI);
    }

    private BlockIds ids(JsonField row, int inputTokens) {
        JsonField ids = row.get("hash_ids");
        if (!ids.isPresent()) {
            int count = Math.ceilDiv(inputTokens, BlockSize.USUAL);
            freshId += count;
            return BlockIds.range(freshId - count, count);
        }
        hasIds = true;
        var blocks = new BlockIds.Builder();
        for (JsonField id : ids.items()) {
            blocks.add(id.integer(Long.MIN_VALUE, Long.MAX_VALUE), 1);
        }
        blockSize.row(inputTokens, blocks.size());
        return blocks.build();
    }
}
