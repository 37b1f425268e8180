package dev.stator.openai.response;

import java.util.List;

/// Writes the documents that answer one completion request. Owned by one thread at a time.
public interface ResponseWriter {

    /// What a choice begins with in a stream; nothing in some APIs.
    void appendOpening(StringBuilder out, int index);

    /// A chunk with a piece of the output.
    void appendDelta(StringBuilder out, int index, Delta delta);

    /// The last chunk of a choice.
    void appendFinish(StringBuilder out, int index, String finishReason);

    /// The chunk of token counts after all choices.
    void appendUsage(StringBuilder out, Usage usage);

    /// The response in one piece.
    void appendWhole(StringBuilder out, List<Choice> choices, Usage usage);
}
