package dev.stator.model.tokenizer;

/// Turns ids into text as they arrive. Owned by one thread.
///
/// What `append` and the final `finish` return adds up to `Tokenizer.decode` of all ids. A piece
/// never ends within a character: bytes that may still be completed are held back.
public interface IncrementalDetokenizer {

    /// The text that `id` completes, often empty in the midst of a character.
    String append(int id);

    /// What was held back, as U+FFFD where the character never became whole. The next `append`
    /// begins a new text.
    String finish();
}
