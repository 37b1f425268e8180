package dev.stator.routing;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The rule by which a worker is selected.
public enum RoutingMode {
    /// The lowest price by cached prefix and load.
    KV,
    /// One after the other.
    ROUND_ROBIN,
    /// Any.
    RANDOM,
    /// The one with fewer active requests of two drawn at random.
    POWER_OF_TWO,
    /// The one with the fewest active requests.
    LEAST_LOADED,
    /// The same among the workers of the kind of device that has less to do for its throughput.
    DEVICE_AWARE_WEIGHTED,
    /// The one that the request names.
    DIRECT;

    /// Dynamo's spelling, `round-robin` and so on.
    public String flag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Throws `IllegalArgumentException` that lists the modes there are.
    public static RoutingMode parse(String flag) {
        return Arrays.stream(values())
                .filter(mode -> mode.flag().equals(flag))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "router-mode must be one of "
                                                + Arrays.stream(values())
                                                        .map(RoutingMode::flag)
                                                        .collect(Collectors.joining(", "))
                                                + ": \""
                                                + flag
                                                + "\""));
    }
}
