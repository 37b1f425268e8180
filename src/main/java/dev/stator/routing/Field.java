package dev.stator.routing;

import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.Shortlist.Entry;
import dev.stator.routing.affinity.Bond;
import dev.stator.routing.cost.CacheView;
import dev.stator.routing.cost.CostFunction;
import dev.stator.routing.cost.HotPrefix;
import dev.stator.routing.cost.Prompt;
import dev.stator.routing.eligibility.BusyFilter;
import dev.stator.routing.eligibility.Preference;
import dev.stator.routing.load.Speeds;
import dev.stator.routing.load.WorkerLoads;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// The workers that are compared for one request, their overlaps and loads in parallel. Valid until
/// the loads are written anew.
final class Field {
    private final Lineup lineup;
    private final int[] positions; // in the lineup
    private final Caches caches;
    private final WorkerLoads loads;
    private final Asked asked;

    /// What the index knows, how many leading blocks are believed to be in device memory, and how
    /// fast each forgets.
    private record Caches(Overlaps known, int[] device, double[] turnover) {}

    /// What the request is to all of them alike.
    private record Asked(int blockSizeTokens, Preference preference) {}

    private Field(Lineup lineup, int[] positions, Caches caches, WorkerLoads loads, Asked asked) {
        this.lineup = lineup;
        this.positions = positions;
        this.caches = caches;
        this.loads = loads;
        this.asked = asked;
    }

    /// All of a lineup.
    ///
    /// @param countsBooked whether blocks that running requests will leave behind count as held
    static Field of(
            RoutingQuery query,
            Lineup lineup,
            Overlaps overlaps,
            WorkerLoads loads,
            boolean countsBooked) {
        int[] numbers = lineup.numbers(overlaps.table());
        var device = new int[numbers.length];
        for (int i = 0; i < device.length; i++) {
            int held = overlaps.blocks(numbers[i]);
            device[i] = countsBooked ? Math.max(held, loads.bookedBlocks(i)) : held;
        }
        int blockSizeTokens = query.blocks().blockSizeTokens();
        double[] turnover = loads.wearTokens(lineup.perBlock(), 1.0 / blockSizeTokens);
        return new Field(
                lineup,
                lineup.everyone(),
                new Caches(overlaps, device, turnover),
                loads,
                new Asked(blockSizeTokens, new Preference(query.hints().taints().preferred())));
    }

    int size() {
        return positions.length;
    }

    Candidate candidate(int i) {
        return lineup.candidate(positions[i]);
    }

    int overlapBlocks(int i) {
        return caches.device[i];
    }

    /// Leading blocks that are held by whoever holds most.
    int mostOverlapBlocks() {
        int most = 0;
        for (int held : caches.device) {
            most = Math.max(most, held);
        }
        return most;
    }

    /// How many hold so many leading blocks.
    int holders(int blocks) {
        int holders = 0;
        for (int held : caches.device) {
            holders += held >= blocks ? 1 : 0;
        }
        return holders;
    }

    int[] activeRequests() {
        return loads.activeRequests();
    }

    /// Whether each runs on processors.
    boolean[] onProcessors() {
        var processors = new boolean[size()];
        for (int i = 0; i < processors.length; i++) {
            processors[i] = candidate(i).isOnProcessors();
        }
        return processors;
    }

    /// What the request is to all of them.
    Prompt prompt(RoutingQuery query, Speeds speeds, HotPrefix hot) {
        long leastPrefillTokens = Long.MAX_VALUE;
        double turnover = 0;
        for (int i = 0; i < size(); i++) {
            leastPrefillTokens = Math.min(leastPrefillTokens, loads.prefillTokens(i));
            turnover += caches.turnover[i];
        }
        return new Prompt(
                query.promptTokens(),
                asked.blockSizeTokens,
                query.hints().expectedOutputTokens().orElse((int) speeds.outputTokens()),
                leastPrefillTokens,
                turnover / size(),
                loads.meanBusy(),
                speeds,
                hot);
    }

    double[] prices(Prompt prompt, CostFunction cost) {
        var prices = new double[size()];
        for (int i = 0; i < prices.length; i++) {
            prices[i] = preferred(i) * cost.price(prompt, cache(i), loads.get(i));
        }
        return prices;
    }

    /// All that is known of one of them.
    Entry entry(int i) {
        return new Entry(candidate(i).worker(), cache(i), loads.get(i), preferred(i));
    }

    /// The one that holds most of the prompt, the cheapest of equal ones.
    int bestHolder(double[] prices) {
        int[] held = caches.device;
        int best = 0;
        for (int i = 1; i < held.length; i++) {
            if (held[i] > held[best] || (held[i] == held[best] && prices[i] < prices[best])) {
                best = i;
            }
        }
        return best;
    }

    /// That worker alone, or all when it is not among them.
    Field only(WorkerId worker) {
        Field alone = keep(i -> candidate(i).worker().equals(worker));
        return alone.size() == 0 ? this : alone;
    }

    /// The same with what is left at a worker that does not tell what its cache holds.
    ///
    /// @param promptBlocks of which at most all are left there
    Field believing(Bond bond, int promptBlocks) {
        int left = (int) Math.min(promptBlocks, bond.contextTokens() / asked.blockSizeTokens);
        int[] device = caches.device.clone();
        for (int i = 0; i < device.length; i++) {
            Candidate candidate = candidate(i);
            if (candidate.worker().equals(bond.worker()) && !candidate.isSeen()) {
                device[i] = Math.max(device[i], left);
            }
        }
        return new Field(
                lineup, positions, new Caches(caches.known, device, caches.turnover), loads, asked);
    }

    /// Those that are not busy.
    Field without(BusyFilter busy) {
        return busy.isOff() ? this : keep(i -> !isBusy(i, busy));
    }

    private boolean isBusy(int i, BusyFilter busy) {
        Candidate candidate = candidate(i);
        return busy.isBusy(
                candidate.worker(),
                candidate.capacity(),
                loads.activeBlocks(i),
                loads.prefillTokens(i));
    }

    private Field keep(IntPredicate isKept) {
        int[] kept = Arrays.stream(lineup.everyone(), 0, size()).filter(isKept).toArray();
        if (kept.length == size()) {
            return this;
        }
        return new Field(
                lineup,
                Arrays.stream(kept).map(i -> positions[i]).toArray(),
                new Caches(
                        caches.known,
                        Arrays.stream(kept).map(this::overlapBlocks).toArray(),
                        Arrays.stream(kept).mapToDouble(i -> caches.turnover[i]).toArray()),
                loads.of(kept),
                asked);
    }

    private double preferred(int i) {
        return asked.preference.isNone() ? 1 : asked.preference.factor(candidate(i).taints());
    }

    private CacheView cache(int i) {
        int device = caches.device[i];
        int totalBlocks = lineup.totalBlocks(positions[i]);
        Overlaps known = caches.known;
        if (known.isDeviceOnly()) {
            return new CacheView(device, 0, 0, caches.turnover[i], totalBlocks);
        }
        int number = lineup.numbers(known.table())[positions[i]];
        int host = known.blocks(number) + known.blocks(number, StorageTier.HOST);
        int disk = host + known.blocks(number, StorageTier.DISK);
        return new CacheView(
                device,
                Math.max(0, host - device),
                Math.max(0, disk - Math.max(device, host)),
                caches.turnover[i],
                totalBlocks);
    }
}
