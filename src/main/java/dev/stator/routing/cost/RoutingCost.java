package dev.stator.routing.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The price of a worker for one request, and what it is made of.
///
/// @param total what is compared; lower is better
/// @param terms in the order of the formula of the cost function, which says how they combine
public record RoutingCost(Unit unit, double total, List<Term> terms) {
    public RoutingCost {
        terms = List.copyOf(terms);
    }

    /// What prices are counted in.
    public enum Unit {
        BLOCKS,
        SECONDS,
        /// Blocks waiting times blocks running.
        SQUARE_BLOCKS
    }

    /// One part of a price.
    public record Term(String name, double value) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %.3f", name, value);
        }
    }

    /// The same made dearer or cheaper; the difference, if any, is a term of its own.
    public RoutingCost times(double factor, String why) {
        return factor == 1 ? this : changed(total * factor, why);
    }

    /// The same with another total; the difference is a term of its own.
    RoutingCost changed(double newTotal, String why) {
        List<Term> more = new ArrayList<>(terms);
        more.add(new Term(why, newTotal - total));
        return new RoutingCost(unit, newTotal, more);
    }

    /// Throws `IllegalArgumentException` if there is no such term.
    public double term(String name) {
        return terms.stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no term \"" + name + "\""))
                .value();
    }

    @Override
    public String toString() {
        String parts = terms.stream().map(Term::toString).collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%.3f %s (%s)", total, unitName(), parts);
    }

    /// The unit in words.
    public String unitName() {
        return unit.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
