package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.RoutingChoice.Estimate;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.cost.CacheView;
import dev.stator.routing.cost.CostFunction;
import dev.stator.routing.cost.Prompt;
import dev.stator.routing.cost.TimeCost;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.load.WorkerLoad;

import java.util.Arrays;
import java.util.List;

/// The candidates a decision keeps for its explanation, with what they were priced by.
///
/// @param entries cheapest first
/// @param selected the one that was selected
/// @param holder the one that holds most of the prompt
record Shortlist(
        CostFunction cost, Prompt prompt, List<Entry> entries, Entry selected, Entry holder) {

    /// The cheapest candidates that are kept; the selected one and the one that holds most of the
    /// prompt come on top if they are none of them.
    static final int CHEAPEST_MAX = 8;

    private static final TimeCost TIME = new TimeCost(TimePrices.DEFAULT);

    /// One candidate.
    ///
    /// @param preference what its price is multiplied by
    record Entry(WorkerId worker, CacheView cache, WorkerLoad load, double preference) {

        Priced priced(CostFunction cost, Prompt prompt) {
            double wait = load.pace().waitSeconds();
            var estimate = new Estimate(wait, TIME.prefillSeconds(prompt, cache, load));
            return new Priced(
                    worker,
                    cache,
                    load,
                    cost.explain(prompt, cache, load).times(preference, "taints"),
                    estimate);
        }

        double price(CostFunction cost, Prompt prompt) {
            return preference * cost.price(prompt, cache, load);
        }

        double idlePrice(CostFunction cost, Prompt prompt) {
            return preference * cost.price(prompt, cache, load.idle());
        }
    }

    /// Of all that were compared.
    ///
    /// @param prices of the field's workers
    /// @param selected its position in the field
    static Shortlist of(
            Field field, CostFunction cost, Prompt prompt, double[] prices, int selected) {
        int holder = field.bestHolder(prices);
        List<Entry> entries =
                Arrays.stream(kept(prices, selected, holder)).mapToObj(field::entry).toList();
        return new Shortlist(cost, prompt, entries, field.entry(selected), field.entry(holder));
    }

    /// With their prices.
    List<Priced> priced() {
        return entries.stream().map(it -> it.priced(cost, prompt)).toList();
    }

    /// Whether the request goes elsewhere than to the best holder for no other reason than that
    /// this one has more to do: it would be cheaper there if both were idle.
    boolean isDetour() {
        return selected.price(cost, prompt) < holder.price(cost, prompt)
                && holder.idlePrice(cost, prompt) < selected.idlePrice(cost, prompt);
    }

    /// Positions in `prices`, cheapest first.
    static int[] kept(double[] prices, int selected, int holder) {
        var kept = new int[CHEAPEST_MAX + 2];
        int count = 0;
        for (int i = 0; i < prices.length; i++) {
            if (count < CHEAPEST_MAX || prices[i] < prices[kept[count - 1]]) {
                count = Math.min(count, CHEAPEST_MAX - 1);
                count = insert(kept, count, i, prices);
            }
        }
        for (int one : new int[] {selected, holder}) {
            if (Arrays.stream(kept, 0, count).noneMatch(i -> i == one)) {
                count = insert(kept, count, one, prices);
            }
        }
        return Arrays.copyOf(kept, count);
    }

    /// Among the first `count`, behind those that are as cheap; returns how many there are then.
    private static int insert(int[] kept, int count, int position, double[] prices) {
        int at = count;
        while (at > 0 && prices[kept[at - 1]] > prices[position]) {
            kept[at] = kept[at - 1];
            at--;
        }
        kept[at] = position;
        return count + 1;
    }
}
