package dev.stator.model.tokenizer;

import dev.stator.model.tokenizer.bpe.IdBuffer;
import dev.stator.model.tokenizer.bpe.WordEncoder;
import dev.stator.model.tokenizer.split.Splitter;
import dev.stator.model.tokenizer.unicode.Nfc;
import dev.stator.model.tokenizer.unicode.Surrogates;
import dev.stator.model.tokenizer.unicode.Utf8Decoder;
import dev.stator.tokens.TokenIds;

import java.util.List;
import java.util.OptionalInt;

/// Byte-level byte-pair encoding in Java.
///
/// Text goes through four stages: added tokens are cut out of it; the rest is normalized, and added
/// tokens that are meant to be found after that are cut out; each splitter in turn cuts what the
/// one before left; the last pieces, the words, are encoded one by one.
final class BpeTokenizer implements Tokenizer {
    private static final int CHARS_PER_TOKEN = 4;

    private final Vocabulary vocabulary;
    private final AddedTokens literalTokens;
    private final AddedTokens normalizedTokens;
    private final Pipeline pipeline;

    /// How text becomes ids once added tokens are out of it.
    ///
    /// @param composes whether text is brought to Unicode's composed form (NFC)
    /// @param splitters from the coarsest to the finest; without any, the text is one word
    /// @param before ids put before the text, when special tokens are asked for
    /// @param after ids put after it
    record Pipeline(
            boolean composes,
            List<Splitter> splitters,
            WordEncoder words,
            TokenIds before,
            TokenIds after) {
        Pipeline {
            splitters = List.copyOf(splitters);
        }
    }

    BpeTokenizer(Vocabulary vocabulary, List<AddedToken> added, Pipeline pipeline) {
        this.vocabulary = vocabulary;
        this.literalTokens =
                new AddedTokens(added.stream().filter(token -> !token.normalized()).toList());
        this.normalizedTokens =
                new AddedTokens(added.stream().filter(AddedToken::normalized).toList());
        this.pipeline = pipeline;
    }

    @Override
    public TokenIds encode(String text, boolean addSpecialTokens) {
        var out = new IdBuffer(text.length() / CHARS_PER_TOKEN);
        char[] chars = Surrogates.repaired(text);
        if (addSpecialTokens) {
            out.addAll(pipeline.before.toArray());
        }
        literalTokens.cut(chars, 0, chars.length, new Normalizing(new Splitting(out)));
        if (addSpecialTokens) {
            out.addAll(pipeline.after.toArray());
        }
        return TokenIds.owning(out.toArray());
    }

    @Override
    public String decode(TokenIds ids, boolean skipSpecial) {
        var text = new StringBuilder(ids.size() * CHARS_PER_TOKEN);
        var utf8 = new Utf8Decoder();
        for (int i = 0; i < ids.size(); i++) {
            if (!skipSpecial || !vocabulary.isSpecial(ids.get(i))) {
                utf8.decode(vocabulary.bytes(ids.get(i)), text);
            }
        }
        utf8.finish(text);
        return text.toString();
    }

    @Override
    public IncrementalDetokenizer detokenizer(boolean skipSpecial) {
        return new ByteDetokenizer(vocabulary, skipSpecial);
    }

    @Override
    public byte[] bytes(int id) {
        return vocabulary.bytes(id).clone();
    }

    @Override
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    @Override
    public boolean isSpecial(int id) {
        return vocabulary.isSpecial(id);
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    private final class Normalizing implements AddedTokens.Parts {
        private final AddedTokens.Parts normalized;

        Normalizing(AddedTokens.Parts normalized) {
            this.normalized = normalized;
        }

        @Override
        public void text(char[] text, int start, int end) {
            if (pipeline.composes) {
                Nfc.composed(text, start, end)
                        .ifPresentOrElse(
                                composed -> cut(composed, 0, composed.length),
                                () -> cut(text, start, end));
            } else {
                cut(text, start, end);
            }
        }

        @Override
        public void token(int id) {
            normalized.token(id);
        }

        private void cut(char[] text, int start, int end) {
            normalizedTokens.cut(text, start, end, normalized);
        }
    }

    private final class Splitting implements AddedTokens.Parts {
        private final IdBuffer out;

        Splitting(IdBuffer out) {
            this.out = out;
        }

        @Override
        public void text(char[] text, int start, int end) {
            split(0, text, start, end);
        }

        @Override
        public void token(int id) {
            out.add(id);
        }

        private void split(int stage, char[] text, int start, int end) {
            if (stage == pipeline.splitters.size()) {
                pipeline.words.encode(text, start, end, out);
                return;
            }
            Splitter splitter = pipeline.splitters.get(stage);
            int i = start;
            while (i < end) {
                int stop = splitter.next(text, i, end);
                split(stage + 1, text, i, stop);
                i = stop;
            }
        }
    }
}
