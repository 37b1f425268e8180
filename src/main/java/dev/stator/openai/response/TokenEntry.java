package dev.stator.openai.response;

import dev.stator.platform.codec.JsonText;

import java.util.List;

/// One token in a `logprobs` list.
///
/// @param top alternatives, most likely first
public record TokenEntry(TokenText token, float logprob, List<Alternative> top) {
    /// The API has no minus infinity; this is what OpenAI sends for it.
    private static final float LOWEST = -9999;

    public TokenEntry {
        top = List.copyOf(top);
    }

    /// A token and how likely it was.
    public record Alternative(TokenText token, float logprob) {}

    void append(StringBuilder out) {
        out.append('{');
        appendToken(out, token, logprob);
        out.append(",\"top_logprobs\":[");
        for (int i = 0; i < top.size(); i++) {
            out.append(i == 0 ? "{" : ",{");
            appendToken(out, top.get(i).token(), top.get(i).logprob());
            out.append('}');
        }
        out.append("]}");
    }

    static void appendAll(StringBuilder out, List<TokenEntry> entries) {
        out.append("{\"content\":[");
        for (int i = 0; i < entries.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            entries.get(i).append(out);
        }
        out.append("],\"refusal\":null}");
    }

    static float finite(float logprob) {
        return Math.max(LOWEST, logprob);
    }

    private static void appendToken(StringBuilder out, TokenText token, float logprob) {
        JsonText.appendQuoted(out.append("\"token\":"), token.text());
        out.append(",\"logprob\":").append(finite(logprob)).append(",\"bytes\":[");
        for (int i = 0; i < token.byteCount(); i++) {
            out.append(i == 0 ? "" : ",").append(token.unsignedByte(i));
        }
        out.append(']');
    }
}
