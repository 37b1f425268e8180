package dev.stator.openai.response;

import java.util.List;
import java.util.function.Supplier;

/// Adds to the end of a response how it was served.
///
/// @param details asked when the end is written
public record DetailedWriter(ResponseWriter inner, Supplier<ServingDetails> details)
        implements ResponseWriter {

    @Override
    public void appendOpening(StringBuilder out, int index) {
        inner.appendOpening(out, index);
    }

    @Override
    public void appendDelta(StringBuilder out, int index, Delta delta) {
        inner.appendDelta(out, index, delta);
    }

    @Override
    public void appendFinish(StringBuilder out, int index, String finishReason) {
        inner.appendFinish(out, index, finishReason);
        appendDetails(out);
    }

    @Override
    public void appendUsage(StringBuilder out, Usage usage) {
        inner.appendUsage(out, usage);
    }

    @Override
    public void appendWhole(StringBuilder out, List<Choice> choices, Usage usage) {
        inner.appendWhole(out, choices, usage);
        appendDetails(out);
    }

    /// Before the brace that ends the document.
    private void appendDetails(StringBuilder out) {
        out.setLength(out.length() - 1);
        details.get().append(out.append(",\"nvext\":"));
        out.append('}');
    }
}
