package dev.stator.engine.kvevents.payload;

import dev.stator.platform.codec.MessagePackReader;
import dev.stator.platform.codec.MessagePackReader.Kind;
import dev.stator.tokens.BlockHasher;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an engine hashed into its blocks besides tokens, by block: LoRA names, salts, and the
/// identifiers of images and the like. Bare texts can be any of these: 64 hexadecimal digits are an
/// identifier, a text with Dynamo's tag is a salt. A text with an offset is an identifier.
record ExtraKeys(List<List<Key>> byBlock) {
    static final ExtraKeys NONE = new ExtraKeys(List.of());

    /// Dynamo puts this before the salts that it gives to engines.
    static final String SALT_TAG = "dynamo-cache-salt:";

    private static final int DIGEST_CHARS = 64;

    /// A text, and whether it came with an offset.
    record Key(String text, boolean hasOffset) {}

    /// Reads nil or one element per block: nil or a list of keys. Keys of other types are skipped.
    static ExtraKeys read(MessagePackReader reader) {
        if (reader.skipNil()) {
            return NONE;
        }
        List<List<Key>> byBlock = new ArrayList<>();
        for (int left = reader.array(); left > 0; left--) {
            byBlock.add(reader.skipNil() ? List.of() : keys(reader));
        }
        return new ExtraKeys(byBlock);
    }

    /// The salt that the first block names, if any. A text equal to the LoRA name is that first.
    Optional<String> salt(String loraName) {
        if (byBlock.isEmpty()) {
            return Optional.empty();
        }
        boolean sawLora = loraName.isEmpty();
        for (Key key : byBlock.getFirst()) {
            if (!sawLora && isBare(key, loraName)) {
                sawLora = true;
            } else if (!key.hasOffset() && key.text().startsWith(SALT_TAG)) {
                return Optional.of(key.text().substring(SALT_TAG.length()));
            }
        }
        return Optional.empty();
    }

    /// The hashes of the objects of each block; empty when no block has any.
    List<List<Long>> objects(String loraName) {
        List<List<Long>> objects =
                byBlock.stream()
                        .map(
                                keys ->
                                        keys.stream()
                                                .filter(it -> isObject(it, loraName))
                                                .map(it -> objectHash(it.text()))
                                                .toList())
                        .toList();
        return objects.stream().allMatch(List::isEmpty) ? List.of() : objects;
    }

    private static List<Key> keys(MessagePackReader reader) {
        List<Key> keys = new ArrayList<>();
        for (int left = reader.array(); left > 0; left--) {
            switch (reader.next()) {
                case STRING -> keys.add(new Key(reader.string(), false));
                case ARRAY -> pair(reader).ifPresent(keys::add);
                default -> reader.skip();
            }
        }
        return keys;
    }

    /// A text and an offset; a tuple of anything else is no key.
    private static Optional<Key> pair(MessagePackReader reader) {
        int size = reader.array();
        if (size == 2 && reader.next() == Kind.STRING) {
            String text = reader.string();
            boolean isOffset = reader.next() == Kind.INTEGER;
            reader.skip();
            return isOffset && !text.isEmpty()
                    ? Optional.of(new Key(text, true))
                    : Optional.empty();
        }
        for (int left = size; left > 0; left--) {
            reader.skip();
        }
        return Optional.empty();
    }

    private static boolean isObject(Key key, String loraName) {
        return key.hasOffset() || (isDigest(key.text()) && !isBare(key, loraName));
    }

    private static boolean isBare(Key key, String text) {
        return !key.hasOffset() && key.text().equals(text);
    }

    /// The first 64 bits of a digest, the hash of any other text.
    private static long objectHash(String identifier) {
        return isDigest(identifier)
                ? Long.parseUnsignedLong(identifier.substring(0, Long.BYTES * 2), 16)
                : BlockHasher.textHash(identifier);
    }

    private static boolean isDigest(String text) {
        return text.length() == DIGEST_CHARS
                && text.chars().allMatch(it -> it < 0x80 && Character.digit(it, 16) >= 0);
    }
}
