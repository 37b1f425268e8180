package dev.stator.routing.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// The obvious admission queue: a list that is searched for everything.
final class NaiveAdmissionQueue {
    private static final Comparator<Entry> ORDER =
            Comparator.comparingDouble((Entry it) -> -it.key).thenComparingLong(it -> it.number);

    private final AdmissionConfig config;
    private final DrainRate rate = new DrainRate();
    private final List<Entry> waiting = new ArrayList<>();
    private final Map<Long, List<Turn>> rings = new HashMap<>();
    private long arrivals;

    record Entry(String name, Applicant applicant, long number, double key, long expires) {
        long cost() {
            return applicant.uncachedTokens();
        }
    }

    private static final class Turn {
        final String tenant;
        long deficit;
        boolean began;

        Turn(String tenant) {
            this.tenant = tenant;
        }
    }

    NaiveAdmissionQueue(AdmissionConfig config) {
        this.config = config;
    }

    int size() {
        return waiting.size();
    }

    /// The names of those who gave way; empty when it is refused.
    Optional<List<String>> offer(String name, Applicant applicant, long now) {
        long oldest = now + config.waitMax().toNanos();
        double key =
                config.policy()
                        .key(
                                Math.max(0, applicant.priority()),
                                now / 1e9,
                                applicant.uncachedTokens());
        var entry =
                new Entry(
                        name,
                        applicant,
                        arrivals++,
                        key,
                        Math.min(oldest, applicant.deadlineNanos().orElse(oldest)));
        if (isLate(entry, now)) {
            return Optional.empty();
        }
        Optional<List<Entry>> displaced = room(applicant);
        displaced.ifPresent(
                gone -> {
                    gone.forEach(this::remove);
                    if (waiting.isEmpty()) {
                        rate.begin(now);
                    }
                    waiting.add(entry);
                    List<Turn> ring =
                            rings.computeIfAbsent(applicant.tier(), _ -> new ArrayList<>());
                    if (ring.stream().noneMatch(it -> it.tenant.equals(applicant.tenant()))) {
                        ring.add(new Turn(applicant.tenant()));
                    }
                });
        return displaced.map(it -> it.stream().map(Entry::name).toList());
    }

    Optional<String> poll(long now) {
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        long tier = waiting.stream().mapToLong(it -> it.applicant.tier()).max().orElseThrow();
        List<Turn> ring = rings.getOrDefault(tier, List.of());
        while (true) {
            Turn turn = ring.getFirst();
            if (!turn.began) {
                turn.began = true;
                turn.deficit += config.quantumTokens();
            }
            Entry first = of(tier, turn.tenant).getFirst();
            if (first.cost() <= turn.deficit) {
                turn.deficit -= first.cost();
                remove(first);
                rate.left(first.cost(), now);
                return Optional.of(first.name);
            }
            turn.began = false;
            ring.add(ring.removeFirst());
        }
    }

    boolean leave(String name) {
        Optional<Entry> entry = waiting.stream().filter(it -> it.name.equals(name)).findFirst();
        entry.ifPresent(this::remove);
        return entry.isPresent();
    }

    List<String> expire(long now) {
        List<Entry> expired =
                waiting.stream()
                        .filter(it -> it.expires <= now)
                        .sorted(
                                Comparator.comparingLong(Entry::expires)
                                        .thenComparingLong(Entry::number))
                        .toList();
        expired.forEach(this::remove);
        return expired.stream().map(Entry::name).toList();
    }

    private void remove(Entry entry) {
        waiting.remove(entry);
        Applicant applicant = entry.applicant;
        if (of(applicant.tier(), applicant.tenant()).isEmpty()) {
            rings.getOrDefault(applicant.tier(), new ArrayList<>())
                    .removeIf(it -> it.tenant.equals(applicant.tenant()));
        }
    }

    /// In the order in which they go.
    private List<Entry> of(long tier, String tenant) {
        return waiting.stream()
                .filter(it -> it.applicant.tier() == tier && it.applicant.tenant().equals(tenant))
                .sorted(ORDER)
                .toList();
    }

    private long tokens(long tier, String tenant) {
        return of(tier, tenant).stream().mapToLong(Entry::cost).sum();
    }

    private boolean isLate(Entry entry, long now) {
        Applicant applicant = entry.applicant;
        if (applicant.deadlineNanos().isEmpty()) {
            return false;
        }
        long left = applicant.deadlineNanos().getAsLong() - now;
        OptionalDouble perSecond = rate.tokensPerSecond(now);
        if (left <= 0 || waiting.isEmpty() || perSecond.isEmpty()) {
            return left <= 0;
        }
        return before(entry) / perSecond.getAsDouble() > left / 1e9;
    }

    private long before(Entry entry) {
        Applicant applicant = entry.applicant;
        long higher =
                waiting.stream()
                        .filter(it -> it.applicant.tier() > applicant.tier())
                        .mapToLong(Entry::cost)
                        .sum();
        long mine =
                of(applicant.tier(), applicant.tenant()).stream()
                        .filter(it -> ORDER.compare(it, entry) < 0)
                        .mapToLong(Entry::cost)
                        .sum();
        long others =
                waiting.stream()
                        .map(it -> it.applicant)
                        .filter(it -> it.tier() == applicant.tier())
                        .map(Applicant::tenant)
                        .filter(it -> !it.equals(applicant.tenant()))
                        .distinct()
                        .mapToLong(
                                it -> Math.min(tokens(applicant.tier(), it), mine + entry.cost()))
                        .sum();
        return higher + mine + others;
    }

    private Optional<List<Entry>> room(Applicant applicant) {
        List<Entry> gone = new ArrayList<>();
        if (fits(applicant, gone)) {
            return Optional.of(gone);
        }
        long lowest =
                waiting.stream().mapToLong(it -> it.applicant.tier()).min().orElse(Long.MAX_VALUE);
        if (lowest > applicant.tier()) {
            return Optional.empty();
        }
        String largest =
                waiting.stream()
                        .filter(it -> it.applicant.tier() == lowest)
                        .map(it -> it.applicant.tenant())
                        .max(
                                Comparator.comparingLong((String it) -> tokens(lowest, it))
                                        .thenComparing(it -> it))
                        .orElseThrow();
        long floor =
                lowest < applicant.tier()
                        ? 0
                        : tokens(lowest, applicant.tenant()) + applicant.uncachedTokens();
        for (Entry last : of(lowest, largest).reversed()) {
            gone.add(last);
            long left = tokens(lowest, largest) - gone.stream().mapToLong(Entry::cost).sum();
            if (left < floor) {
                return Optional.empty();
            }
            if (fits(applicant, gone)) {
                return Optional.of(gone);
            }
        }
        return Optional.empty();
    }

    private boolean fits(Applicant applicant, List<Entry> without) {
        List<Entry> kept = waiting.stream().filter(it -> !without.contains(it)).toList();
        long tokens = kept.stream().mapToLong(it -> it.applicant.promptTokens()).sum();
        return kept.size() < config.waitingRequestsMax()
                && tokens + applicant.promptTokens() <= config.waitingTokensMax();
    }
}
