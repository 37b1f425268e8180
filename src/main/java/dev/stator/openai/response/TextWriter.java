package dev.stator.openai.response;

import dev.stator.platform.codec.JsonText;
import dev.stator.tokens.TokenIds;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes the responses to one text completion request. Chunks and the whole have one form.
public final class TextWriter implements ResponseWriter {
    private final String head;
    private final String chunkTail;
    private final int[] offsets;
    private final boolean logprobs;
    private final TokenIds prompt;

    /// @param choices how many there are
    /// @param usage whether chunks mention usage
    /// @param logprobs whether choices mention logprobs
    /// @param prompt ids to be shown; empty for none
    public TextWriter(
            Heading heading, int choices, boolean usage, boolean logprobs, TokenIds prompt) {
        this.head = heading.open("text_completion");
        this.chunkTail = usage ? "],\"usage\":null}" : "]}";
        this.offsets = new int[choices];
        this.logprobs = logprobs;
        this.prompt = prompt;
    }

    /// Nothing, unless the prompt is to be shown.
    @Override
    public void appendOpening(StringBuilder out, int index) {
        if (!prompt.isEmpty()) {
            out.append(head);
            appendChoice(out, index, Delta.NONE, true);
            out.append("null}").append(chunkTail);
        }
    }

    @Override
    public void appendDelta(StringBuilder out, int index, Delta delta) {
        out.append(head);
        appendChoice(out, index, delta, false);
        out.append("null}").append(chunkTail);
    }

    @Override
    public void appendFinish(StringBuilder out, int index, String finishReason) {
        out.append(head);
        appendChoice(out, index, Delta.NONE, false);
        out.append('"').append(finishReason).append("\"}").append(chunkTail);
    }

    @Override
    public void appendUsage(StringBuilder out, Usage usage) {
        usage.append(out.append(head).append("],\"usage\":"));
        out.append('}');
    }

    @Override
    public void appendWhole(StringBuilder out, List<Choice> choices, Usage usage) {
        out.append(head);
        for (int i = 0; i < choices.size(); i++) {
            out.append(i == 0 ? "" : ",");
            appendChoice(out, i, choices.get(i).output(), true);
            out.append('"').append(choices.get(i).finishReason()).append("\"}");
        }
        usage.append(out.append("],\"usage\":"));
        out.append('}');
    }

    /// All of a choice but its finish reason.
    private void appendChoice(StringBuilder out, int index, Delta delta, boolean withPrompt) {
        out.append("{\"index\":").append(index);
        JsonText.appendQuoted(out.append(",\"text\":"), delta.content());
        out.append(",\"logprobs\":");
        if (logprobs && !delta.logprobs().isEmpty()) {
            appendLogprobs(out, index, delta.logprobs());
        } else {
            out.append("null");
        }
        TokenList.appendMember(out, delta.tokens());
        if (withPrompt && !prompt.isEmpty()) {
            TokenList.append(out.append(",\"prompt_token_ids\":"), prompt);
        }
        out.append(",\"finish_reason\":");
    }

    private void appendLogprobs(StringBuilder out, int index, List<TokenEntry> entries) {
        var tokens = new StringBuilder();
        var values = new StringBuilder();
        var alternatives = new StringBuilder();
        var starts = new StringBuilder();
        String separator = "";
        for (TokenEntry entry : entries) {
            JsonText.appendQuoted(tokens.append(separator), entry.token().text());
            values.append(separator).append(TokenEntry.finite(entry.logprob()));
            appendAlternatives(alternatives.append(separator), entry);
            starts.append(separator).append(offsets[index]);
            offsets[index] += entry.token().text().length();
            separator = ",";
        }
        out.append("{\"tokens\":[").append(tokens);
        out.append("],\"token_logprobs\":[").append(values);
        out.append("],\"top_logprobs\":[").append(alternatives);
        out.append("],\"text_offset\":[").append(starts).append("]}");
    }

    /// Two tokens may have the same text; the likelier one stands.
    private static void appendAlternatives(StringBuilder out, TokenEntry entry) {
        Map<String, Float> byText = new LinkedHashMap<>();
        entry.top().forEach(it -> byText.putIfAbsent(it.token().text(), it.logprob()));
        String separator = "{";
        for (var one : byText.entrySet()) {
            JsonText.appendQuoted(out.append(separator), one.getKey());
            out.append(':').append(TokenEntry.finite(one.getValue()));
            separator = ",";
        }
        out.append(byText.isEmpty() ? "{}" : "}");
    }
}
