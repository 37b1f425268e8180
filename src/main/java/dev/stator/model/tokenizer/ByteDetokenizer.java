package dev.stator.model.tokenizer;

import dev.stator.model.tokenizer.unicode.Utf8Decoder;

/// Joins the bytes of byte-level tokens.
final class ByteDetokenizer implements IncrementalDetokenizer {
    private final Vocabulary vocabulary;
    private final boolean skipSpecial;
    private final Utf8Decoder utf8 = new Utf8Decoder();
    private final StringBuilder piece = new StringBuilder();

    ByteDetokenizer(Vocabulary vocabulary, boolean skipSpecial) {
        this.vocabulary = vocabulary;
        this.skipSpecial = skipSpecial;
    }

    @Override
    public String append(int id) {
        if (skipSpecial && vocabulary.isSpecial(id)) {
            return "";
        }
        utf8.decode(vocabulary.bytes(id), piece);
        return take();
    }

    @Override
    public String finish() {
        utf8.finish(piece);
        return take();
    }

    private String take() {
        String text = piece.toString();
        piece.setLength(0);
        return text;
    }
}
