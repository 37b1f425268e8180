package dev.stator.routing.cost;

import dev.stator.routing.cost.RoutingCost.Term;
import dev.stator.routing.cost.RoutingCost.Unit;
import dev.stator.routing.load.WorkerLoad;

import java.util.List;

/// Prices time: how long this request would take at a worker, and how much longer it makes others
/// take.
///
/// ```
/// wait     = until the prefills booked there will be done
/// prefill  = slowness · P(n, c)              n tokens to compute behind c cached ones
/// c        = k · decay · device + host and disk by their weights
/// decay    = 1 / (1 + d · ((A - A_min) / B) / ceil(L / B))         as in `BlockCost`
/// copy     = borne - prefill                 borne = P' + (prefill - P') / uses, P' what it would
///                                            take if the worker held the hot prefix
/// crowding = a · borne                       a = g · busy / (1 - busy): who comes next waits,
///                                            too; busy is the worker's or the mean, the higher
/// wear     = (1 + a) · (prefill - fixed) · (w - 1)
///                                            w = (turnover + s) / (mean turnover + s),
///                                            within 1 / w_max and w_max
/// stall    = h · N · borne                   N requests decode there and share its steps
/// room     = (missing / used + needed / total · u / (1 - u)) · m · T(R)
///                                            blocks that it needs and that the worker lacks for
///                                            it; R running requests use the part u of the total
/// decode   = e · m · T(N + 1)                m tokens of output beside these N
/// slowdown = e · m · N · t                   what each of them loses, t = T(N + 1) - T(N)
/// cost     = p · (wait + prefill + copy + crowding + wear + stall) + room + decode + slowdown
/// ```
///
/// P and T are learned (`Speeds`); the credit k, its decay d and the scale p are the
/// `PrefillWeights`, 1, 0 and 1 unless they are set. A computed token displaces an older one: at a
/// worker that forgets faster than the others it displaces a more recent one, which is more likely
/// to be missed. That is the price of wear, and what keeps caches equally deep when every worker is
/// idle.
/// A copy of what many ask for is used by those who come next, so each of them bears its part.
/// A worker without room lets requests wait until others end. Answers need blocks too, m tokens
/// each; those that run are taken to be half done where their blocks are not tracked.
/// Tokens of output have to be made wherever they are made: of a difference in decoding only the
/// part e counts that those who come later do not even out by going elsewhere.
///
/// @param tracksOutput whether the blocks of a load are also those that answers fill
public record TimeCost(TimePrices prices, PrefillWeights weights, boolean tracksOutput)
        implements CostFunction {
    private static final double BUSY_MAX = 0.9; // beyond it the queue would seem endless
    private static final double FULL_MAX = 0.95; // the same for what waits for memory

    /// With the usual weights.
    public TimeCost(TimePrices prices) {
        this(prices, PrefillWeights.DEFAULT, false);
    }

    @Override
    public double price(Prompt prompt, CacheView cache, WorkerLoad load) {
        double prefill = prefillSeconds(prompt, cache, load);
        double borne = share(prefill, prompt, cache, load);
        double computing =
                load.pace().waitSeconds()
                        + borne * (1 + crowding(prompt, load))
                        + wear(prefill, prompt, cache, load)
                        + stall(borne, load);
        return weights.prefillLoadScale() * computing
                + room(prompt, cache, load)
                + decode(prompt, load)
                + slowdown(prompt, load);
    }

    @Override
    public RoutingCost explain(Prompt prompt, CacheView cache, WorkerLoad load) {
        double prefill = prefillSeconds(prompt, cache, load);
        double borne = share(prefill, prompt, cache, load);
        double scale = weights.prefillLoadScale();
        List<Term> terms =
                List.of(
                        new Term("wait", scale * load.pace().waitSeconds()),
                        new Term("prefill", scale * prefill),
                        new Term("copy", scale * (borne - prefill)),
                        new Term("crowding", scale * borne * crowding(prompt, load)),
                        new Term("wear", scale * wear(prefill, prompt, cache, load)),
                        new Term("stall", scale * stall(borne, load)),
                        new Term("room", room(prompt, cache, load)),
                        new Term("decode", decode(prompt, load)),
                        new Term("slowdown", slowdown(prompt, load)));
        return new RoutingCost(Unit.SECONDS, price(prompt, cache, load), terms);
    }

    /// What the worker would take to compute what is not cached.
    public double prefillSeconds(Prompt prompt, CacheView cache, WorkerLoad load) {
        double held =
                credit(prompt, load) * cache.deviceBlocks()
                        + prices.hostCacheHitWeight() * cache.hostBlocks()
                        + prices.diskCacheHitWeight() * cache.diskBlocks();
        double cachedTokens = atMost(prompt.tokens() - 1, held * prompt.blockSizeTokens());
        double newTokens = prompt.tokens() - cachedTokens;
        double usual = prompt.speeds().prefillSeconds(newTokens, cachedTokens);
        return load.pace().slowness() * usual;
    }

    /// What the request bears of its prefill: a copy of a hot prefix is paid for by all who use it.
    private double share(double prefill, Prompt prompt, CacheView cache, WorkerLoad load) {
        HotPrefix hot = prompt.hot();
        if (cache.deviceBlocks() >= hot.blocks()) {
            return prefill;
        }
        double held = prefillSeconds(prompt, CacheView.of(hot.blocks()), load);
        return atMost(prefill, held + (prefill - held) / hot.uses());
    }

    private double credit(Prompt prompt, WorkerLoad load) {
        double decay = weights.overlapScoreCreditDecay();
        return decay == 0
                ? weights.overlapScoreCredit()
                : weights.overlapScoreCredit() * prompt.fading(decay, load);
    }

    /// Of a queue that is busy so much of the time, so many come before it is empty again. Those
    /// who can go anywhere wait in the queue of all, those who can not in that of the worker.
    private double crowding(Prompt prompt, WorkerLoad load) {
        double busy = atMost(BUSY_MAX, atLeast(prompt.meanBusy(), load.pace().busy()));
        return prices.crowding() * busy / (1 - busy);
    }

    private double wear(double prefill, Prompt prompt, CacheView cache, WorkerLoad load) {
        double slack = prices.turnoverSlack();
        double relative = (cache.turnover() + slack) / (prompt.meanTurnover() + slack);
        double factor = atMost(prices.wearMax(), atLeast(1 / prices.wearMax(), relative));
        double computing = prefill - load.pace().slowness() * prompt.speeds().fixedSeconds();
        return (1 + crowding(prompt, load)) * computing * (factor - 1);
    }

    private double stall(double prefill, WorkerLoad load) {
        return prices.stall() * load.pace().decodingRequests() * prefill;
    }

    /// Until those who run have given back what is missing; in the time of an answer they give back
    /// all they have. What is taken while little is left will be missing to those who come next.
    private double room(Prompt prompt, CacheView cache, WorkerLoad load) {
        double answer = prompt.outputTokens() / prompt.blockSizeTokens();
        double soFar = tracksOutput ? 0 : load.activeRequests() * answer / 2;
        double used = load.activeBlocks() + soFar;
        if (cache.totalBlocks() == 0 || used <= 0) {
            return 0;
        }
        double needed = load.decodeBlocks() - load.activeBlocks() + answer;
        double missing = atLeast(0, used + needed - cache.totalBlocks());
        double full = atMost(FULL_MAX, used / cache.totalBlocks());
        double others = needed / cache.totalBlocks() * full / (1 - full);
        double lifetime =
                prompt.outputTokens() * prompt.speeds().tokenSeconds(load.activeRequests());
        return (missing / used + others) * lifetime;
    }

    private double decode(Prompt prompt, WorkerLoad load) {
        double beside = load.pace().decodingRequests() + 1.0;
        return decoding(prompt) * prompt.speeds().tokenSeconds(beside);
    }

    private double slowdown(Prompt prompt, WorkerLoad load) {
        return decoding(prompt)
                * load.pace().decodingRequests()
                * prompt.speeds().tokenPerRequestSeconds();
    }

    private double decoding(Prompt prompt) {
        return prices.unevenness() * prompt.outputTokens();
    }

    // As Math.min and Math.max, but for their care of NaN and of the sign of zero, which would take
    // a third of the time of a price.

    private static double atMost(double most, double value) {
        return value < most ? value : most;
    }

    private static double atLeast(double least, double value) {
        return value > least ? value : least;
    }
}
