package dev.stator.routing.admission.policy;

import dev.stator.routing.hints.ConfigOverrides;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The classes of a model's requests, and which class a request is of: a matrix of what the client
/// asks for, its family, and of how much of the prompt no worker has cached, its bucket. Immutable.
///
/// A class of no family is got by its own name, whatever is cached. Whoever asks for nothing, or
/// for nothing that is known, is of the default family; so nobody avoids the buckets by naming a
/// class of the matrix. Classes are known by their places in `classes`.
public final class PolicyProfile {

    /// Classes of one profile.
    public static final int CLASSES_MAX = 64;

    private final List<PolicyClass> classes;
    private final long[] floors; // of the buckets, ascending
    private final Map<String, int[]> families; // classes by bucket
    private final Map<String, Integer> explicit;
    private final int[] usual; // the default family

    /// Prompts with at least so many uncached tokens, up to the next bucket.
    public record Bucket(String name, long tokensMin) {}

    /// A place of the matrix.
    public record Cell(String family, String bucket) {}

    /// A class and the place it has; none for one that is asked for by its name.
    public record Member(PolicyClass policyClass, Optional<Cell> cell) {}

    private PolicyProfile(
            List<PolicyClass> classes,
            long[] floors,
            Map<String, int[]> families,
            Map<String, Integer> explicit,
            int[] usual) {
        this.classes = classes;
        this.floors = floors;
        this.families = families;
        this.explicit = explicit;
        this.usual = usual;
    }

    /// One class for everybody.
    ///
    /// @param threshold its requests wait while every worker has more prefill booked than this
    ///     multiple of its largest batch; absent for never
    public static PolicyProfile single(OptionalDouble threshold, QueuePolicy order) {
        double given = threshold.orElse(0);
        if (!(given >= 0) || Double.isInfinite(given)) {
            throw new IllegalArgumentException(
                    "router-queue-threshold must be finite, not negative: " + given);
        }
        var busy = new BusyRule(OptionalLong.empty(), threshold, OptionalDouble.empty());
        var only = new PolicyClass("default", order, 1, busy, QueueLimits.NONE);
        return of(
                "default",
                List.of(new Bucket("all", 0)),
                List.of(new Member(only, Optional.of(new Cell("default", "all")))));
    }

    /// Throws `IllegalArgumentException` that names what is wrong.
    ///
    /// @param buckets the first begins at 0, each at more than the one before
    /// @param members for each family exactly one of every bucket
    public static PolicyProfile of(
            String defaultFamily, List<Bucket> buckets, List<Member> members) {
        if (members.isEmpty() || members.size() > CLASSES_MAX) {
            throw new IllegalArgumentException(
                    "policy classes must be 1 to %d: %d".formatted(CLASSES_MAX, members.size()));
        }
        List<PolicyClass> classes = members.stream().map(Member::policyClass).toList();
        requireDistinct("policy class", classes.stream().map(PolicyClass::name).toList());
        List<String> bucketNames = bucketNames(buckets);
        Map<String, int[]> families = families(members, bucketNames);
        Map<String, Integer> explicit = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            String name = classes.get(i).name();
            if (members.get(i).cell().isEmpty()) {
                explicit.put(name, i);
                if (families.containsKey(name)) {
                    throw new IllegalArgumentException(
                            "\"%s\" is a policy class of its own and a family".formatted(name));
                }
            }
        }
        int[] usual = families.get(defaultFamily);
        if (usual == null) {
            throw new IllegalArgumentException(
                    "the default family \"%s\" has no policy class".formatted(defaultFamily));
        }
        long[] floors = buckets.stream().mapToLong(Bucket::tokensMin).toArray();
        return new PolicyProfile(classes, floors, families, explicit, usual);
    }

    /// In the order in which they take turns.
    public List<PolicyClass> classes() {
        return classes;
    }

    /// Whether requests of any class ever wait.
    public boolean isQueueing() {
        return classes.stream().anyMatch(it -> it.busy().isEverMet());
    }

    /// Whether any class has requests routed otherwise.
    public boolean isOverriding() {
        return classes.stream().anyMatch(it -> !it.overrides().equals(ConfigOverrides.NONE));
    }

    /// The class of a request where that does not depend on what is cached.
    public OptionalInt direct(Optional<String> asked) {
        Optional<Integer> own = byName(asked);
        if (own.isPresent()) {
            return OptionalInt.of(own.get());
        }
        return floors.length == 1 ? OptionalInt.of(row(asked)[0]) : OptionalInt.empty();
    }

    /// The class of a request.
    public int classOf(Optional<String> asked, long uncachedTokens) {
        Optional<Integer> own = byName(asked);
        if (own.isPresent()) {
            return own.get();
        }
        int bucket = floors.length - 1;
        while (floors[bucket] > uncachedTokens) {
            bucket--;
        }
        return row(asked)[bucket];
    }

    /// The class that is asked for by its own name.
    private Optional<Integer> byName(Optional<String> asked) {
        return asked.flatMap(it -> Optional.ofNullable(explicit.get(it)));
    }

    private int[] row(Optional<String> asked) {
        return asked.flatMap(it -> Optional.ofNullable(families.get(it))).orElse(usual);
    }

    private static List<String> bucketNames(List<Bucket> buckets) {
        if (buckets.isEmpty() || buckets.getFirst().tokensMin() != 0) {
            throw new IllegalArgumentException("the first bucket must begin at 0 tokens");
        }
        for (int i = 1; i < buckets.size(); i++) {
            if (buckets.get(i).tokensMin() <= buckets.get(i - 1).tokensMin()) {
                throw new IllegalArgumentException(
                        "bucket \"%s\" must begin above %d tokens: %d"
                                .formatted(
                                        buckets.get(i).name(),
                                        buckets.get(i - 1).tokensMin(),
                                        buckets.get(i).tokensMin()));
            }
        }
        List<String> names = buckets.stream().map(Bucket::name).toList();
        names.forEach(it -> PolicyClass.requireName(it, "bucket"));
        requireDistinct("bucket", names);
        return names;
    }

    private static Map<String, int[]> families(List<Member> members, List<String> buckets) {
        Map<String, int[]> families = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).cell().isPresent()) {
                place(families, buckets, i, members.get(i).cell().get());
            }
        }
        families.forEach(
                (family, row) -> {
                    for (int bucket = 0; bucket < row.length; bucket++) {
                        if (row[bucket] < 0) {
                            throw new IllegalArgumentException(
                                    "family \"%s\" has no policy class for bucket \"%s\""
                                            .formatted(family, buckets.get(bucket)));
                        }
                    }
                });
        return families;
    }

    private static void place(
            Map<String, int[]> families, List<String> buckets, int index, Cell cell) {
        PolicyClass.requireName(cell.family(), "policy family");
        int bucket = buckets.indexOf(cell.bucket());
        if (bucket < 0) {
            throw new IllegalArgumentException(
                    "there is no bucket \"%s\"".formatted(cell.bucket()));
        }
        int[] row = families.computeIfAbsent(cell.family(), _ -> unset(buckets.size()));
        if (row[bucket] >= 0) {
            throw new IllegalArgumentException(
                    "family \"%s\" has two policy classes for bucket \"%s\""
                            .formatted(cell.family(), cell.bucket()));
        }
        row[bucket] = index;
    }

    private static int[] unset(int buckets) {
        int[] row = new int[buckets];
        Arrays.fill(row, -1);
        return row;
    }

    private static void requireDistinct(String what, List<String> names) {
        List<String> repeated = new ArrayList<>(names);
        new HashSet<>(names).forEach(repeated::remove);
        if (!repeated.isEmpty()) {
            throw new IllegalArgumentException(
                    "there are two of %s \"%s\"".formatted(what, repeated.getFirst()));
        }
    }
}
