package dev.stator.routing.explain;

import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.cost.RoutingCost;
import dev.stator.routing.cost.RoutingCost.Term;
import dev.stator.routing.cost.RoutingCost.Unit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The selected worker against another one.
///
/// @param difference what the other one costs more; negative when it costs less
/// @param deciding the part of the price that speaks most for whichever is cheaper, with what the
///     other one costs more by it; in the price's unit, or a logarithm where prices are products
public record PriceComparison(Priced selected, Priced other, double difference, Term deciding) {

    static PriceComparison of(Priced selected, Priced other) {
        double difference = other.cost().total() - selected.cost().total();
        Comparator<Term> byWeight = Comparator.comparingDouble(Term::value);
        List<Term> parts = parts(selected.cost(), other.cost());
        Term deciding =
                difference >= 0
                        ? parts.stream().max(byWeight).orElseThrow()
                        : parts.stream().min(byWeight).orElseThrow();
        return new PriceComparison(selected, other, difference, deciding);
    }

    /// What the other one costs more, part by part. A price in blocks is taken apart into what is
    /// to be computed (`raw`) and what is cached of it (`credit`), whose difference `prefill` is.
    private static List<Term> parts(RoutingCost selected, RoutingCost other) {
        if (selected.unit() == Unit.SECONDS) {
            return Stream.concat(selected.terms().stream(), other.terms().stream())
                    .map(Term::name)
                    .distinct()
                    .map(it -> more(it, selected, other))
                    .toList();
        }
        List<Term> parts = new ArrayList<>();
        parts.add(more("taints", selected, other));
        if (selected.unit() == Unit.SQUARE_BLOCKS) {
            parts.add(new Term("decode", logarithm("decode", selected, other)));
        } else {
            parts.add(more("decode", selected, other));
            parts.add(more("requests", selected, other));
        }
        double credit = -more("credit", selected, other).value();
        double raw = more("raw", selected, other).value();
        double prefill =
                selected.unit() == Unit.SQUARE_BLOCKS
                        ? logarithm("prefill", selected, other)
                        : more("prefill", selected, other).value();
        boolean byCache = prefill >= 0 ? credit >= raw : credit <= raw;
        parts.add(new Term(byCache ? "credit" : "raw", prefill));
        return parts;
    }

    private static Term more(String term, RoutingCost selected, RoutingCost other) {
        return new Term(term, value(term, other) - value(term, selected));
    }

    private static double logarithm(String term, RoutingCost selected, RoutingCost other) {
        return Math.log((value(term, other) + 1) / (value(term, selected) + 1));
    }

    /// A part that a price has not got adds nothing to it.
    private static double value(String term, RoutingCost cost) {
        return cost.terms().stream()
                .filter(it -> it.name().equals(term))
                .mapToDouble(Term::value)
                .sum();
    }
}
