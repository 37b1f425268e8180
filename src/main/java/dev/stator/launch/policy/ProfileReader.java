package dev.stator.launch.policy;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyClass;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.PolicyProfile.Bucket;
import dev.stator.routing.admission.policy.PolicyProfile.Cell;
import dev.stator.routing.admission.policy.PolicyProfile.Member;
import dev.stator.routing.admission.policy.QueueLimits;
import dev.stator.routing.admission.policy.QueuePolicy;
import dev.stator.routing.hints.ConfigOverrides;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;

/// Reads one profile. Throws `JsonFieldException` that names the field.
final class ProfileReader {
    private static final String DEFAULT_FAMILY = "default_policy_family";
    private static final String BUCKETS = "uncached_isl_buckets";
    private static final String CLASSES = "policy_classes";

    /// The members of a profile.
    static final Set<String> NAMES = Set.of(DEFAULT_FAMILY, BUCKETS, CLASSES);

    private static final String TOKENS_MIN = "min_tokens";
    private static final String BUCKET = "bucket";
    private static final Set<String> BUCKET_NAMES = Set.of(TOKENS_MIN, BUCKET);

    private static final String NAME = "name";
    private static final String FAMILY = "policy_family";
    private static final String CACHE_BUCKET = "cache_bucket";
    private static final String ORDER = "queue_policy";
    private static final String QUANTUM = "quantum";
    private static final String BUSY_TOKENS = "prefill_busy_threshold";
    private static final String BUSY_FRACTION = "prefill_busy_threshold_frac";
    private static final String BUSY_RATIO = "busy_worker_ratio";
    private static final String REQUESTS = "request_queue_limit_per_worker";
    private static final String TOKENS = "raw_isl_token_queue_limit_per_worker";
    private static final String CACHED = "cached_token_queue_limit_per_worker";
    private static final String DEADLINE = "queue_deadline_ms";
    private static final String OVERRIDE = "router_config_override";
    private static final Set<String> CLASS_NAMES =
            Set.of(
                    NAME,
                    FAMILY,
                    CACHE_BUCKET,
                    ORDER,
                    QUANTUM,
                    BUSY_TOKENS,
                    BUSY_FRACTION,
                    BUSY_RATIO,
                    REQUESTS,
                    TOKENS,
                    CACHED,
                    DEADLINE,
                    OVERRIDE);

    private static final long DEADLINE_MILLIS_MAX = Duration.ofDays(1).toMillis();

    private final JsonField profile;

    ProfileReader(JsonField profile) {
        this.profile = profile;
    }

    PolicyProfile read() {
        String family = profile.get(DEFAULT_FAMILY).string();
        List<Bucket> buckets =
                profile.get(BUCKETS).items().stream().map(ProfileReader::bucket).toList();
        List<Member> members =
                profile.get(CLASSES).items().stream().map(ProfileReader::member).toList();
        return checked(profile, () -> PolicyProfile.of(family, buckets, members));
    }

    private static Bucket bucket(JsonField bucket) {
        Fields.requireKnown(bucket, BUCKET_NAMES, Set.of());
        return new Bucket(
                bucket.get(BUCKET).string(), bucket.get(TOKENS_MIN).integer(0L, Integer.MAX_VALUE));
    }

    private static Member member(JsonField member) {
        Fields.refusePlugins(member);
        Fields.requireKnown(member, CLASS_NAMES, Set.of());
        return new Member(policyClass(member), cell(member));
    }

    private static PolicyClass policyClass(JsonField member) {
        String name = member.get(NAME).string();
        QueuePolicy order =
                member.get(ORDER).optional().map(ProfileReader::order).orElse(QueuePolicy.FCFS);
        long quantum = member.get(QUANTUM).integer(1L, PolicyClass.QUANTUM_TOKENS_MAX);
        BusyRule busy = busy(member);
        var limits =
                new QueueLimits(
                        Fields.count(member.get(REQUESTS)),
                        Fields.count(member.get(TOKENS)),
                        Fields.count(member.get(CACHED)));
        Optional<Duration> deadline =
                member.get(DEADLINE)
                        .optional()
                        .map(it -> Duration.ofMillis(it.integer(1, DEADLINE_MILLIS_MAX)));
        ConfigOverrides overrides = OverrideReader.read(member.get(OVERRIDE));
        return checked(
                member,
                () -> new PolicyClass(name, order, quantum, busy, limits, deadline, overrides));
    }

    private static BusyRule busy(JsonField member) {
        JsonField tokens = member.get(BUSY_TOKENS);
        JsonField fraction = member.get(BUSY_FRACTION);
        OptionalDouble ratio = Fields.decimal(member.get(BUSY_RATIO), true);
        if (ratio.isPresent() && !tokens.isPresent() && !fraction.isPresent()) {
            throw member.get(BUSY_RATIO)
                    .invalid("needs " + BUSY_TOKENS + " or " + BUSY_FRACTION + " beside it");
        }
        return new BusyRule(Fields.count(tokens), Fields.decimal(fraction, false), ratio);
    }

    private static QueuePolicy order(JsonField field) {
        try {
            return QueuePolicy.parse(field.string());
        } catch (IllegalArgumentException _) {
            throw field.invalid("must be one of fcfs, lcfs, wspt");
        }
    }

    /// Both names or neither.
    private static Optional<Cell> cell(JsonField member) {
        JsonField family = member.get(FAMILY);
        JsonField bucket = member.get(CACHE_BUCKET);
        if (!family.isPresent() && !bucket.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Cell(family.string(), bucket.string()));
    }

    /// What only shows when the parts are put together is a complaint about the whole.
    private static <T> T checked(JsonField whole, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new JsonFieldException(whole.path(), "is not consistent: " + e.getMessage());
        }
    }
}
