package dev.stator.model.template.value;

import dev.stator.model.template.value.Value.Text;

import java.util.ArrayList;
import java.util.List;

/// Strings that count as HTML. Prompts are no HTML, but templates use `safe`, and what it makes
/// escapes its neighbours.
public final class Markup {
    private Markup() {}

    /// `text` with entities for the characters that mean something in HTML.
    public static String escape(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\'' -> out.append("&#39;");
                case '"' -> out.append("&#34;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    /// `left + right`, where one of them is markup.
    static Text concatenate(Text left, Text right, Budget budget) {
        budget.fit(6L * (left.value().length() + right.value().length()));
        String both = left.escaped().value().concat(right.escaped().value());
        budget.build(both.length());
        return new Text(both, true);
    }

    /// What a method of markup yields: its strings are markup too.
    public static Value of(Value result) {
        return switch (result) {
            case Text(var text, _) -> new Text(text, true);
            case Sequence parts when parts.depth() == 1 -> {
                List<Value> marked = new ArrayList<>(parts.items().size());
                parts.items().forEach(part -> marked.add(of(part)));
                yield Sequence.of(parts.kind(), marked);
            }
            default -> result;
        };
    }
}
