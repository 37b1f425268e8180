package dev.stator.openai.output;

import java.util.List;

/// Finds the first stop string in a text that arrives in pieces, and holds back what may yet
/// become one. Owned by one thread.
///
/// "First" is the one whose last character comes first; of several that end together, the longest.
/// One Knuth-Morris-Pratt automaton per stop string, stepped character by character, so the pieces
/// do not matter.
final class StopMatcher {
    private final Automaton[] automata;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    /// @param stops none of them empty
    StopMatcher(List<String> stops) {
        automata = stops.stream().map(Automaton::new).toArray(Automaton[]::new);
    }

    /// The text that is certain now. Nothing after a stop string.
    String append(String piece) {
        if (stopped) {
            return "";
        }
        if (automata.length == 0) {
            return piece;
        }
        for (int i = 0; i < piece.length(); i++) {
            held.append(piece.charAt(i));
            int matched = step(piece.charAt(i));
            if (matched > 0) {
                stopped = true;
                held.setLength(held.length() - matched);
                return take(held.length());
            }
        }
        return take(held.length() - longestPrefix());
    }

    /// What was held back, when no more text comes.
    String finish() {
        return stopped ? "" : take(held.length());
    }

    boolean isStopped() {
        return stopped;
    }

    /// Length of the longest stop string that ends with `c`, or 0.
    private int step(char c) {
        int matched = 0;
        for (Automaton automaton : automata) {
            if (automaton.step(c)) {
                matched = Math.max(matched, automaton.stop.length());
            }
        }
        return matched;
    }

    private int longestPrefix() {
        int longest = 0;
        for (Automaton automaton : automata) {
            longest = Math.max(longest, automaton.matched);
        }
        return longest;
    }

    private String take(int chars) {
        if (chars == 0) {
            return "";
        }
        String taken = held.substring(0, chars);
        held.delete(0, chars);
        return taken;
    }

    private static final class Automaton {
        final String stop;
        final int[] fallback; // fallback[n]: longest proper prefix that ends the first n characters
        int matched;

        Automaton(String stop) {
            this.stop = stop;
            this.fallback = new int[stop.length() + 1];
            for (int n = 1, shorter = 0; n < stop.length(); n++) {
                while (shorter > 0 && stop.charAt(n) != stop.charAt(shorter)) {
                    shorter = fallback[shorter];
                }
                shorter += stop.charAt(n) == stop.charAt(shorter) ? 1 : 0;
                fallback[n + 1] = shorter;
            }
        }

        boolean step(char c) {
            while (matched > 0 && stop.charAt(matched) != c) {
                matched = fallback[matched];
            }
            matched += stop.charAt(matched) == c ? 1 : 0;
            return matched == stop.length();
        }
    }
}
