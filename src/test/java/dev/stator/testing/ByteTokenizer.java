package dev.stator.testing;

import dev.stator.model.tokenizer.IncrementalDetokenizer;
import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.tokens.TokenIds;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/// A tokenizer with one token per byte and an end token, so that every character beyond ASCII is
/// cut in the middle.
public final class ByteTokenizer implements Tokenizer {
    /// The end of a text, a special token.
    public static final int END = 256;

    @Override
    public TokenIds encode(String text, boolean addSpecialTokens) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[utf8.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = utf8[i] & 0xff;
        }
        return TokenIds.of(ids);
    }

    @Override
    public String decode(TokenIds ids, boolean skipSpecial) {
        IncrementalDetokenizer detokenizer = detokenizer(skipSpecial);
        var text = new StringBuilder();
        for (int i = 0; i < ids.size(); i++) {
            text.append(detokenizer.append(ids.get(i)));
        }
        return text + detokenizer.finish();
    }

    @Override
    public IncrementalDetokenizer detokenizer(boolean skipSpecial) {
        return new ByteDetokenizer(skipSpecial);
    }

    @Override
    public byte[] bytes(int id) {
        return id < END ? new byte[] {(byte) id} : new byte[0];
    }

    @Override
    public OptionalInt id(String token) {
        return token.equals("<end>") ? OptionalInt.of(END) : OptionalInt.empty();
    }

    @Override
    public boolean isSpecial(int id) {
        return id == END;
    }

    @Override
    public int vocabularySize() {
        return END + 1;
    }

    /// Holds bytes until they make a character. For well-formed texts only.
    private static final class ByteDetokenizer implements IncrementalDetokenizer {
        private final boolean skipSpecial;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();

        ByteDetokenizer(boolean skipSpecial) {
            this.skipSpecial = skipSpecial;
        }

        @Override
        public String append(int id) {
            if (id >= END) {
                return skipSpecial ? "" : "<end>";
            }
            held.write(id);
            byte[] bytes = held.toByteArray();
            return bytes.length < length(bytes[0] & 0xff) ? "" : finish();
        }

        @Override
        public String finish() {
            String text = held.toString(StandardCharsets.UTF_8);
            held.reset();
            return text;
        }

        private static int length(int first) {
            if (first < 0xC0) {
                return 1;
            }
            return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        }
    }
}
