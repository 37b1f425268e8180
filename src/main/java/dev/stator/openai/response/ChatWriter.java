package dev.stator.openai.response;

import dev.stator.platform.codec.JsonText;
import dev.stator.tokens.TokenIds;

import java.util.List;

/// Writes the responses to one chat completion request.
///
/// Chunks are spliced around a head that is the same in all of them: the text is escaped once and
/// nothing else is looked at per token.
public final class ChatWriter implements ResponseWriter {
    private final String chunkHead;
    private final String head;
    private final String chunkTail;
    private final boolean logprobs;
    private final TokenIds prompt;

    /// @param usage whether chunks mention usage
    /// @param logprobs whether choices mention logprobs
    /// @param prompt ids to be shown; empty for none
    public ChatWriter(Heading heading, boolean usage, boolean logprobs, TokenIds prompt) {
        this.head = heading.open("chat.completion");
        this.chunkHead = heading.open("chat.completion.chunk");
        this.chunkTail = usage ? "}],\"usage\":null}" : "}]}";
        this.logprobs = logprobs;
        this.prompt = prompt;
    }

    @Override
    public void appendOpening(StringBuilder out, int index) {
        out.append(chunkHead).append("{\"index\":").append(index);
        out.append(",\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null");
        out.append(",\"finish_reason\":null").append(chunkTail);
        if (!prompt.isEmpty()) {
            out.setLength(out.length() - 1);
            TokenList.append(out.append(",\"prompt_token_ids\":"), prompt);
            out.append('}');
        }
    }

    @Override
    public void appendDelta(StringBuilder out, int index, Delta delta) {
        out.append(chunkHead).append("{\"index\":").append(index).append(",\"delta\":{");
        if (!delta.reasoning().isEmpty()) {
            JsonText.appendEscaped(out.append("\"reasoning_content\":\""), delta.reasoning());
            out.append(delta.content().isEmpty() ? "\"" : "\",");
        }
        if (!delta.content().isEmpty() || delta.reasoning().isEmpty()) {
            JsonText.appendEscaped(out.append("\"content\":\""), delta.content());
            out.append('"');
        }
        out.append('}');
        appendLogprobs(out, delta.logprobs());
        TokenList.appendMember(out, delta.tokens());
        out.append(",\"finish_reason\":null").append(chunkTail);
    }

    @Override
    public void appendFinish(StringBuilder out, int index, String finishReason) {
        out.append(chunkHead).append("{\"index\":").append(index);
        out.append(",\"delta\":{},\"logprobs\":null,\"finish_reason\":\"");
        out.append(finishReason).append('"').append(chunkTail);
    }

    @Override
    public void appendUsage(StringBuilder out, Usage usage) {
        out.append(chunkHead).append("],\"usage\":");
        usage.append(out);
        out.append('}');
    }

    @Override
    public void appendWhole(StringBuilder out, List<Choice> choices, Usage usage) {
        out.append(head);
        for (int i = 0; i < choices.size(); i++) {
            Delta output = choices.get(i).output();
            out.append(i == 0 ? "" : ",").append("{\"index\":").append(i);
            out.append(",\"message\":{\"role\":\"assistant\",");
            if (!output.reasoning().isEmpty()) {
                JsonText.appendQuoted(out.append("\"reasoning_content\":"), output.reasoning());
                out.append(',');
            }
            JsonText.appendQuoted(out.append("\"content\":"), output.content());
            out.append(",\"refusal\":null}");
            appendLogprobs(out, output.logprobs());
            TokenList.appendMember(out, output.tokens());
            out.append(",\"finish_reason\":\"").append(choices.get(i).finishReason()).append("\"}");
        }
        if (!prompt.isEmpty()) {
            TokenList.append(out.append("],\"prompt_token_ids\":"), prompt);
        }
        out.append(prompt.isEmpty() ? "],\"usage\":" : ",\"usage\":");
        usage.append(out);
        out.append('}');
    }

    private void appendLogprobs(StringBuilder out, List<TokenEntry> entries) {
        out.append(",\"logprobs\":");
        if (logprobs) {
            TokenEntry.appendAll(out, entries);
        } else {
            out.append("null");
        }
    }
}
