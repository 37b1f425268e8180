package dev.stator.model.tokenizer.split;

/// Cuts text into consecutive pieces, so that every character belongs to exactly one.
///
/// Stateless. The text holds no lone surrogate, and `start` is where a piece begins: the start of
/// the range being cut or the end of the previous piece.
public interface Splitter {

    /// The end of the piece that begins at `start`, in `(start, end]`. Nothing at or after `end` is
    /// looked at.
    int next(char[] text, int start, int end);
}
