package dev.stator.routing.cost;

/// The weights of the cost of time; the defaults are the best found by replaying real traces.
///
/// @param crowding requests that will wait for a prefill behind the one that needs it, on average
/// @param wearExponent how much a worker is avoided whose cache forgets faster than the others'
/// @param turnoverSlack turnover below which caches count as equally deep
/// @param hostCacheHitWeight part of a block's prefill that is saved when it is in host memory
/// @param diskCacheHitWeight part of a block's prefill that is saved when it is on disk
public record TimePrices(
        double crowding,
        double wearExponent,
        double turnoverSlack,
        double hostCacheHitWeight,
        double diskCacheHitWeight) {

    public static final TimePrices DEFAULT = new TimePrices(1, 1, 0.03, 0.75, 0.25);

    public TimePrices {
        if (!(crowding >= 0 && wearExponent >= 0 && turnoverSlack > 0)) {
            throw new IllegalArgumentException(
                    "crowding and wear must not be negative, slack must be positive: %s, %s, %s"
                            .formatted(crowding, wearExponent, turnoverSlack));
        }
    }
}
