package dev.stator.model.tokenizer;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;

/// The tokens of a model: their ids, spelling, bytes, and which are special.
final class Vocabulary {
    private static final byte[] NO_BYTES = {};

    private final Map<String, Integer> ids;
    private final byte[][] bytes;
    private final BitSet special = new BitSet();

    /// @param model the model's own tokens
    /// @param added more tokens; one with the id of a model's token takes its place
    /// @param bytesOf the bytes that a token's spelling stands for
    Vocabulary(
            Map<String, Integer> model, List<AddedToken> added, Function<String, byte[]> bytesOf) {
        this.ids = new HashMap<>(model);
        added.forEach(token -> ids.put(token.content(), token.id()));
        int size = 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        this.bytes = new byte[size][];
        Arrays.fill(bytes, NO_BYTES);
        model.forEach((token, id) -> bytes[id] = bytesOf.apply(token));
        for (AddedToken token : added) {
            bytes[token.id()] = bytesOf.apply(token.content());
            special.set(token.id(), token.special());
        }
    }

    int size() {
        return bytes.length;
    }

    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    boolean isSpecial(int id) {
        return special.get(id);
    }

    /// The bytes of a token, not to be changed; none when the id has no token.
    byte[] bytes(int id) {
        return id < bytes.length ? bytes[id] : NO_BYTES;
    }
}
