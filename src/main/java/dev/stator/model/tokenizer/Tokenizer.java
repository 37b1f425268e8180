package dev.stator.model.tokenizer;

import dev.stator.tokens.TokenIds;

import java.util.OptionalInt;

/// A model's way of writing text as token ids. Thread-safe; the ids are those of the Hugging Face
/// tokenizer for the same file.
///
/// Text may hold anything a Java string can: lone surrogates count as U+FFFD. Nothing is truncated
/// or padded, whatever the file says.
public interface Tokenizer {

    /// The ids of `text`. Added tokens, such as `<|im_end|>`, are recognised wherever they stand.
    ///
    /// @param addSpecialTokens whether the model's own frame, such as a begin-of-text token, is put
    ///     around the text; a rendered chat template holds it already
    TokenIds encode(String text, boolean addSpecialTokens);

    /// The text of `ids`; bytes that are not UTF-8 become U+FFFD. Ids without a token have no text.
    ///
    /// @param skipSpecial whether special tokens are left out
    String decode(TokenIds ids, boolean skipSpecial);

    /// A decoder for ids that arrive one by one, whose pieces add up to what `decode` returns.
    IncrementalDetokenizer detokenizer(boolean skipSpecial);

    /// The bytes that `id` stands for; none when it has no token. Their concatenation over a text's
    /// ids is the UTF-8 form of the text, for byte-level tokenizers exactly.
    byte[] bytes(int id);

    /// The id of a token as the file spells it, as in `<|im_end|>`.
    OptionalInt id(String token);

    /// Whether `id` is a control token rather than text.
    boolean isSpecial(int id);

    /// One more than the highest id. A model's output layer may be wider.
    int vocabularySize();
}
