package dev.stator.routing.cost;

/// The weights of the cost of time. The defaults are what theory says (a crowding of 1) and round
/// figures; replays of real traces change little when each is doubled or halved.
///
/// @param crowding part of those who will wait behind a prefill that is charged for it
/// @param wearMax how many times dearer or cheaper a computed token can be at a worker whose cache
///     forgets faster or more slowly than the others'
/// @param turnoverSlack difference in turnover below which caches count as equally deep
/// @param stall part of a prefill for which the requests that decode beside it stand still
/// @param unevenness part of a difference in decoding that later requests do not even out
/// @param hostCacheHitWeight part of a block's prefill that is saved when it is in host memory
/// @param diskCacheHitWeight part of a block's prefill that is saved when it is on disk
public record TimePrices(
        double crowding,
        double wearMax,
        double turnoverSlack,
        double stall,
        double unevenness,
        double hostCacheHitWeight,
        double diskCacheHitWeight) {

    public static final TimePrices DEFAULT = new TimePrices(1, 4, 0.1, 0.5, 0.05, 0.75, 0.25);

    public TimePrices {
        if (!(crowding >= 0 && wearMax >= 1 && turnoverSlack > 0)) {
            throw new IllegalArgumentException(
                    "crowding must not be negative, wear at least 1, slack positive: %s, %s, %s"
                            .formatted(crowding, wearMax, turnoverSlack));
        }
    }

    /// The same with other weights of what is not in device memory.
    public TimePrices withHitWeights(double host, double disk) {
        return new TimePrices(crowding, wearMax, turnoverSlack, stall, unevenness, host, disk);
    }
}
