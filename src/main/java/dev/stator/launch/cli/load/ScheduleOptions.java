package dev.stator.launch.cli.load;

import dev.stator.replay.load.plan.Arrivals;
import dev.stator.replay.load.plan.MadeRequests;
import dev.stator.replay.load.plan.MadeRequests.Limit;
import dev.stator.replay.load.plan.RequestShapes;
import dev.stator.replay.load.plan.RequestSource;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;

/// The flags that say what is sent when.
final class ScheduleOptions {
    private static final double NANOS = 1e9;

    @Option(
            names = "--rate",
            paramLabel = "PER-SECOND",
            description = "Requests per second, whatever becomes of those before (default: 10).")
    private @Nullable Double rate;

    @Option(
            names = "--arrivals",
            defaultValue = "POISSON",
            paramLabel = "KIND",
            description = "poisson or constant gaps between requests (default: poisson).")
    private Kind arrivals = Kind.POISSON;

    @Option(
            names = "--users",
            paramLabel = "COUNT",
            description = "Instead of a rate: users who each wait for their answers.")
    private @Nullable Integer users;

    @Option(
            names = "--think",
            defaultValue = "0",
            paramLabel = "SECONDS",
            description = "From an answer to the user's next request (default: 0).")
    private double thinkSeconds;

    @Option(
            names = "--requests",
            paramLabel = "COUNT",
            description = "Ends after so many requests.")
    private @Nullable Long requests;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            description = "No request is sent later (default: 10, unless --requests is given).")
    private @Nullable Double durationSeconds;

    @Option(
            names = "--input-tokens",
            defaultValue = "512",
            paramLabel = "COUNT",
            description = "Tokens of a prompt (default: 512).")
    private int inputTokens;

    @Option(
            names = "--output-tokens",
            defaultValue = "64",
            paramLabel = "COUNT",
            description = "Tokens asked for (default: 64).")
    private int outputTokens;

    @Option(
            names = "--prefix-tokens",
            defaultValue = "0",
            paramLabel = "COUNT",
            description = "Tokens at the beginning of a prompt that others share (default: 0).")
    private int prefixTokens;

    @Option(
            names = "--prefixes",
            defaultValue = "1",
            paramLabel = "COUNT",
            description = "Different shared beginnings, used in turn (default: 1).")
    private int prefixes;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "NUMBER",
            description = "Repeats prompts, gaps and all other chance (default: 1).")
    private long seed;

    /// How requests arrive.
    enum Kind {
        POISSON,
        CONSTANT
    }

    long seed() {
        return seed;
    }

    /// Throws `IllegalArgumentException` when the flags make no sense.
    RequestSource source() {
        if (rate != null && users != null) {
            throw new IllegalArgumentException("rate and users exclude each other");
        }
        var shapes = new RequestShapes(inputTokens, prefixTokens, prefixes, outputTokens);
        if (users != null) {
            return MadeRequests.closed(shapes, limit(), users, nanos(thinkSeconds));
        }
        double perSecond = rate == null ? 10 : rate;
        return MadeRequests.open(
                shapes,
                limit(),
                switch (arrivals) {
                    case POISSON -> Arrivals.poisson(perSecond, new SplittableRandom(seed));
                    case CONSTANT -> Arrivals.constant(perSecond);
                });
    }

    private Limit limit() {
        double seconds =
                durationSeconds != null
                        ? durationSeconds
                        : requests == null ? 10 : Duration.ofDays(365).toSeconds();
        long run = new SplittableRandom(seed).nextLong();
        return new Limit(requests == null ? Long.MAX_VALUE : requests, nanos(seconds), run);
    }

    /// The schedule in words.
    String words() {
        String who =
                users != null
                        ? users + " users, " + thinkSeconds + " s to think"
                        : (rate == null ? 10 : rate)
                                + " requests/s, "
                                + arrivals.name().toLowerCase(Locale.ROOT);
        return "%s; %d tokens in, %d out, %d shared by %d groups; seed %d"
                .formatted(who, inputTokens, outputTokens, prefixTokens, prefixes, seed);
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * NANOS);
    }
}
