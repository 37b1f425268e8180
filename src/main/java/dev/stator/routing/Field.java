package dev.stator.routing;

import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.Overlaps;
import dev.stator.routing.RoutingChoice.Estimate;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.affinity.Bond;
import dev.stator.routing.cost.CacheView;
import dev.stator.routing.cost.CostFunction;
import dev.stator.routing.cost.Prompt;
import dev.stator.routing.cost.TimeCost;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.eligibility.BusyFilter;
import dev.stator.routing.eligibility.Preference;
import dev.stator.routing.load.Speeds;
import dev.stator.routing.load.WorkerLoad;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The workers that are compared for one request, their overlaps and loads in parallel.
final class Field {
    private static final TimeCost TIME = new TimeCost(TimePrices.DEFAULT);

    private final List<Candidate> candidates;
    private final Overlaps known;
    private final int[] overlaps; // in device memory, as believed
    private final WorkerLoad[] loads;
    private final int blockSizeTokens;
    private final Preference preference;

    private Field(
            List<Candidate> candidates,
            Believed believed,
            WorkerLoad[] loads,
            int blockSizeTokens,
            Preference preference) {
        this.candidates = candidates;
        this.known = believed.known;
        this.overlaps = believed.device;
        this.loads = loads;
        this.blockSizeTokens = blockSizeTokens;
        this.preference = preference;
    }

    /// @param countsBooked whether blocks that running requests will leave behind count as held
    static Field of(
            RoutingQuery query, Overlaps overlaps, WorkerLoad[] loads, boolean countsBooked) {
        List<Candidate> candidates = query.candidates();
        var blocks = new int[candidates.size()];
        for (int i = 0; i < blocks.length; i++) {
            int held = overlaps.blocks(candidates.get(i).worker());
            blocks[i] = countsBooked ? Math.max(held, loads[i].bookedBlocks()) : held;
        }
        return new Field(
                candidates,
                new Believed(overlaps, blocks),
                loads,
                query.blocks().blockSizeTokens(),
                new Preference(query.hints().taints().preferred()));
    }

    int size() {
        return loads.length;
    }

    Candidate candidate(int i) {
        return candidates.get(i);
    }

    int overlapBlocks(int i) {
        return overlaps[i];
    }

    WorkerLoad[] loads() {
        return loads;
    }

    /// Whether each runs on processors.
    boolean[] onProcessors() {
        var processors = new boolean[loads.length];
        for (int i = 0; i < processors.length; i++) {
            processors[i] = candidates.get(i).isOnProcessors();
        }
        return processors;
    }

    /// What the request is to all of them.
    Prompt prompt(RoutingQuery query, Speeds speeds) {
        long leastPrefillTokens = Long.MAX_VALUE;
        double turnover = 0;
        double busy = 0;
        for (int i = 0; i < loads.length; i++) {
            leastPrefillTokens = Math.min(leastPrefillTokens, loads[i].prefillTokens());
            turnover += turnover(i);
            busy += loads[i].pace().busy();
        }
        return new Prompt(
                query.promptTokens(),
                blockSizeTokens,
                query.hints().expectedOutputTokens().orElse((int) speeds.outputTokens()),
                leastPrefillTokens,
                turnover / loads.length,
                busy / loads.length,
                speeds);
    }

    double[] prices(Prompt prompt, CostFunction cost) {
        var prices = new double[loads.length];
        for (int i = 0; i < prices.length; i++) {
            prices[i] = preferred(i) * cost.price(prompt, cache(i), loads[i]);
        }
        return prices;
    }

    Priced priced(Prompt prompt, CostFunction cost, int i) {
        var time =
                new Estimate(
                        loads[i].pace().waitSeconds(),
                        TIME.prefillSeconds(prompt, cache(i), loads[i]));
        return new Priced(
                candidates.get(i).worker(),
                cache(i),
                loads[i],
                cost.explain(prompt, cache(i), loads[i]).times(preferred(i), "taints"),
                time);
    }

    /// Whether a request goes to `chosen` for no other reason than that `holder` has more to do:
    /// it would be cheaper there if both were idle.
    boolean isOverloaded(Prompt prompt, CostFunction cost, int holder, int chosen) {
        return idlePrice(prompt, cost, holder) < idlePrice(prompt, cost, chosen);
    }

    private double idlePrice(Prompt prompt, CostFunction cost, int i) {
        return preferred(i) * cost.price(prompt, cache(i), loads[i].idle());
    }

    /// The one that holds most of the prompt, the cheapest of equal ones.
    int bestHolder(double[] prices) {
        int best = 0;
        for (int i = 1; i < overlaps.length; i++) {
            if (overlaps[i] > overlaps[best]
                    || (overlaps[i] == overlaps[best] && prices[i] < prices[best])) {
                best = i;
            }
        }
        return best;
    }

    /// That worker alone, or all when it is not among them.
    Field only(WorkerId worker) {
        Field alone = keep(i -> candidates.get(i).worker().equals(worker));
        return alone.size() == 0 ? this : alone;
    }

    /// The same with what is left at a worker that does not tell what its cache holds.
    ///
    /// @param promptBlocks of which at most all are left there
    Field believing(Bond bond, int promptBlocks) {
        int left = (int) Math.min(promptBlocks, bond.contextTokens() / blockSizeTokens);
        var believed = overlaps.clone();
        for (int i = 0; i < believed.length; i++) {
            Candidate candidate = candidates.get(i);
            if (candidate.worker().equals(bond.worker()) && !candidate.isSeen()) {
                believed[i] = Math.max(believed[i], left);
            }
        }
        return new Field(
                candidates, new Believed(known, believed), loads, blockSizeTokens, preference);
    }

    /// Those that are not busy.
    Field without(BusyFilter busy) {
        return keep(i -> !isBusy(i, busy));
    }

    private boolean isBusy(int i, BusyFilter busy) {
        Candidate candidate = candidates.get(i);
        return busy.isBusy(
                candidate.worker(),
                candidate.capacity(),
                loads[i].activeBlocks(),
                loads[i].prefillTokens());
    }

    private Field keep(IntPredicate isKept) {
        int[] kept = IntStream.range(0, size()).filter(isKept).toArray();
        if (kept.length == size()) {
            return this;
        }
        return new Field(
                Arrays.stream(kept).mapToObj(candidates::get).toList(),
                new Believed(known, Arrays.stream(kept).map(i -> overlaps[i]).toArray()),
                Arrays.stream(kept).mapToObj(i -> loads[i]).toArray(WorkerLoad[]::new),
                blockSizeTokens,
                preference);
    }

    private double preferred(int i) {
        return preference.factor(candidates.get(i).taints());
    }

    private CacheView cache(int i) {
        int device = overlaps[i];
        if (known.isDeviceOnly()) {
            return new CacheView(device, 0, 0, turnover(i));
        }
        WorkerId worker = candidates.get(i).worker();
        int host = known.blocks(worker) + known.blocks(worker, StorageTier.HOST);
        int disk = host + known.blocks(worker, StorageTier.DISK);
        return new CacheView(
                device,
                Math.max(0, host - device),
                Math.max(0, disk - Math.max(device, host)),
                turnover(i));
    }

    private double turnover(int i) {
        double capacityTokens = Math.max(1.0, candidates.get(i).totalBlocks()) * blockSizeTokens;
        return loads[i].pace().wearTokens() / capacityTokens;
    }

    /// What the index knows, and how many leading blocks are believed to be in device memory.
    private record Believed(Overlaps known, int[] device) {}
}
