package dev.stator.openai.response;

import dev.stator.tokens.TokenIds;

/// Token ids beside the text, in vLLM's form.
final class TokenList {
    private TokenList() {}

    /// The member `token_ids` of a choice that has members before it; nothing for no ids.
    static void appendMember(StringBuilder out, TokenIds ids) {
        if (!ids.isEmpty()) {
            append(out.append(",\"token_ids\":"), ids);
        }
    }

    static void append(StringBuilder out, TokenIds ids) {
        for (int i = 0; i < ids.size(); i++) {
            out.append(i == 0 ? '[' : ',').append(ids.get(i));
        }
        out.append(ids.isEmpty() ? "[]" : "]");
    }
}
