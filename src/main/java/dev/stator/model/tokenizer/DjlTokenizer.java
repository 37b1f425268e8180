package dev.stator.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;

import dev.stator.model.tokenizer.bpe.ByteAlphabet;
import dev.stator.model.tokenizer.unicode.Surrogates;
import dev.stator.tokens.TokenIds;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// The Hugging Face library itself, by way of DJL's native code, for the kinds of tokenizer that
/// `BpeTokenizer` does not read.
///
/// Its native memory is freed by the garbage collector once nothing refers to the tokenizer.
final class DjlTokenizer implements Tokenizer {
    private static final String OFFLINE = "ai.djl.offline";

    /// Unless told otherwise the library truncates to 512 tokens.
    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false");

    static {
        // Otherwise DJL asks the cloud's metadata service where it runs, reports that to its
        // authors, and may fetch native code.
        if (System.getProperty(OFFLINE) == null) {
            System.setProperty(OFFLINE, "true");
        }
    }

    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final boolean byteLevel;

    private DjlTokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, boolean byteLevel) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.byteLevel = byteLevel;
    }

    /// Reads a `tokenizer.json`.
    ///
    /// @param json its bytes
    /// @param file the same, parsed
    /// @throws IOException when the library cannot be loaded or does not accept the file
    static DjlTokenizer read(byte[] json, TokenizerFile file) throws IOException {
        List<String> decoders =
                file.steps("decoder", "decoders").stream().map(TokenizerFile::type).toList();
        boolean byteLevel = decoders.equals(List.of("ByteLevel"));
        Map<String, Integer> model = file.modelVocabulary();
        var vocabulary =
                new Vocabulary(
                        model,
                        file.addedTokens(model),
                        byteLevel ? ByteAlphabet::bytes : TokenSpelling::bytes);
        return new DjlTokenizer(load(json), vocabulary, byteLevel);
    }

    private static HuggingFaceTokenizer load(byte[] json) throws IOException {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
        } catch (RuntimeException | LinkageError e) {
            throw new IOException("the native tokenizer library fails: " + e.getMessage(), e);
        }
    }

    @Override
    public TokenIds encode(String text, boolean addSpecialTokens) {
        // One lone surrogate makes the library garble every emoji of the text.
        String repaired = new String(Surrogates.repaired(text));
        try {
            long[] ids = tokenizer.encode(repaired, addSpecialTokens, false).getIds();
            return TokenIds.of(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
        } finally {
            Reference.reachabilityFence(tokenizer);
        }
    }

    @Override
    public String decode(TokenIds ids, boolean skipSpecial) {
        long[] wide = new long[ids.size()];
        Arrays.setAll(wide, ids::get);
        try {
            return tokenizer.decode(wide, skipSpecial);
        } finally {
            Reference.reachabilityFence(tokenizer);
        }
    }

    @Override
    public IncrementalDetokenizer detokenizer(boolean skipSpecial) {
        return byteLevel
                ? new ByteDetokenizer(vocabulary, skipSpecial)
                : new WindowDetokenizer(ids -> decode(ids, skipSpecial));
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
}
