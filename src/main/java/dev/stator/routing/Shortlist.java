package dev.stator.routing;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Which candidates a decision keeps for its explanation.
final class Shortlist {

    /// The cheapest candidates that are kept; the selected one and the one that holds most of the
    /// prompt come on top if they are none of them.
    static final int CHEAPEST_MAX = 8;

    private Shortlist() {}

    /// Positions in `prices`, cheapest first.
    static int[] of(double[] prices, int selected, int bestHolder) {
        int[] cheapest = cheapest(prices);
        return IntStream.concat(Arrays.stream(cheapest), IntStream.of(selected, bestHolder))
                .distinct()
                .boxed()
                .sorted((a, b) -> Double.compare(prices[a], prices[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int[] cheapest(double[] prices) {
        var cheapest = new int[Math.min(prices.length, CHEAPEST_MAX)];
        int count = 0;
        for (int i = 0; i < prices.length; i++) {
            if (count == cheapest.length && prices[i] >= prices[cheapest[count - 1]]) {
                continue;
            }
            int at = count < cheapest.length ? count++ : count - 1;
            while (at > 0 && prices[cheapest[at - 1]] > prices[i]) {
                cheapest[at] = cheapest[at - 1];
                at--;
            }
            cheapest[at] = i;
        }
        return cheapest;
    }
}
