package dev.stator.openai.protocol;

import dev.stator.platform.codec.JsonField;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// When the client wants the output to end.
///
/// @param maxTokens absent for as much as the context has room for
/// @param ignoreEos whether the model's end-of-sequence tokens are sampled like any other
/// @param stopStrings texts that end the output and are not part of it
public record LengthFields(
        OptionalInt maxTokens,
        int minTokens,
        boolean ignoreEos,
        Set<Integer> stopTokenIds,
        List<String> stopStrings) {
    static final int STOP_STRINGS_MAX = 16;
    static final int STOP_CHARS_MAX = 512;
    static final int STOP_TOKENS_MAX = 128;

    public LengthFields {
        stopTokenIds = Set.copyOf(stopTokenIds);
        stopStrings = List.copyOf(stopStrings);
    }

    static LengthFields parse(JsonField body) {
        JsonField newer = body.get("max_completion_tokens");
        JsonField max = newer.isPresent() ? newer : body.get("max_tokens");
        OptionalInt maxTokens =
                max.isPresent()
                        ? OptionalInt.of(max.integer(1, Integer.MAX_VALUE))
                        : OptionalInt.empty();
        int minTokens = body.get("min_tokens").integerOr(0, 0, maxTokens.orElse(Integer.MAX_VALUE));
        JsonField ignoreEos = body.get("ignore_eos");
        return new LengthFields(
                maxTokens,
                minTokens,
                ignoreEos.isPresent() && ignoreEos.bool(),
                stopTokenIds(body.get("stop_token_ids")),
                stopStrings(body.get("stop")));
    }

    private static List<String> stopStrings(JsonField field) {
        if (!field.isPresent()) {
            return List.of();
        }
        List<JsonField> items = field.isString() ? List.of(field) : field.items();
        refuseMoreThan(STOP_STRINGS_MAX, items, field);
        List<String> stops = new ArrayList<>();
        for (JsonField item : items) {
            String stop = item.string();
            if (stop.isEmpty() || stop.length() > STOP_CHARS_MAX) {
                throw item.invalid("must have 1 to " + STOP_CHARS_MAX + " characters");
            }
            stops.add(stop);
        }
        return stops;
    }

    private static Set<Integer> stopTokenIds(JsonField field) {
        if (!field.isPresent()) {
            return Set.of();
        }
        List<JsonField> items = field.items();
        refuseMoreThan(STOP_TOKENS_MAX, items, field);
        Set<Integer> ids = new HashSet<>();
        items.forEach(item -> ids.add(item.integer(0, Integer.MAX_VALUE)));
        return ids;
    }

    static void refuseMoreThan(int max, List<JsonField> items, JsonField field) {
        if (items.size() > max) {
            throw new InvalidRequest(
                    "'%s' must have at most %d entries: %d"
                            .formatted(field.path(), max, items.size()),
                    field.path(),
                    "");
        }
    }
}
