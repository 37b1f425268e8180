package dev.stator.routing.admission;

import dev.stator.routing.admission.policy.PolicyClass;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// The obvious admission queue: a list that is searched for everything, and turns that are walked
/// through one by one.
final class NaiveAdmissionQueue {
    private static final Comparator<Entry> ORDER =
            Comparator.comparingDouble((Entry it) -> -it.key).thenComparingLong(it -> it.number);

    private final AdmissionConfig config;
    private final DrainRate rate = new DrainRate();
    private final List<Entry> waiting = new ArrayList<>();
    private final Map<Group, List<Share>> rings = new HashMap<>();
    private final List<Share> classes;
    private int cursor;
    private long arrivals;

    /// Where a request waits: in a tier of a class.
    private record Group(int policyClass, long tier) {}

    private record Entry(
            String name,
            Applicant applicant,
            int policyClass,
            long number,
            double key,
            long expires) {
        long cost() {
            return applicant.cost();
        }

        Group group() {
            return new Group(policyClass, applicant.tier());
        }
    }

    private static final class Share {
        final String who;
        long credit;
        boolean began;

        Share(String who) {
            this.who = who;
        }

        boolean affords(Entry entry, long quantum) {
            if (!began) {
                began = true;
                credit += quantum;
            }
            return entry.cost() <= credit;
        }
    }

    NaiveAdmissionQueue(AdmissionConfig config) {
        this.config = config;
        this.classes = config.profile().classes().stream().map(it -> new Share(it.name())).toList();
    }

    int size() {
        return waiting.size();
    }

    /// The names of those who gave way; empty when it is refused.
    Optional<List<String>> offer(String name, Applicant asked, int workers, long now) {
        int index = config.profile().classOf(asked.policyClass(), asked.uncachedTokens());
        Applicant applicant = bounded(asked, policy(index), now);
        long oldest = now + config.waitMax().toNanos();
        double key =
                policy(index)
                        .order()
                        .key(Math.max(0, applicant.priority()), now / 1e9, applicant.cost());
        long expires = Math.min(oldest, applicant.deadlineNanos().orElse(oldest));
        var entry = new Entry(name, applicant, index, arrivals++, key, expires);
        if (isLate(entry, now)) {
            return Optional.empty();
        }
        Optional<List<Entry>> displaced = room(entry, workers);
        displaced.ifPresent(
                gone -> {
                    gone.forEach(this::remove);
                    if (waiting.isEmpty()) {
                        rate.begin(now);
                    }
                    waiting.add(entry);
                    List<Share> ring = rings.computeIfAbsent(entry.group(), _ -> new ArrayList<>());
                    if (ring.stream().noneMatch(it -> it.who.equals(applicant.tenant()))) {
                        ring.add(new Share(applicant.tenant()));
                    }
                });
        return displaced.map(it -> it.stream().map(Entry::name).toList());
    }

    /// By its own deadline or that of its class, whichever comes first.
    private static Applicant bounded(Applicant asked, PolicyClass policy, long now) {
        long own = asked.deadlineNanos().orElse(Long.MAX_VALUE);
        long ofClass = policy.deadline().map(it -> now + it.toNanos()).orElse(Long.MAX_VALUE);
        long first = Math.min(own, ofClass);
        return new Applicant(
                asked.policyClass(),
                asked.tenant(),
                asked.tier(),
                asked.priority(),
                asked.promptTokens(),
                asked.uncachedTokens(),
                first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first));
    }

    Optional<String> poll(IntPredicate isOpen, long now) {
        boolean maySend = waiting.stream().anyMatch(it -> isOpen.test(it.policyClass));
        do {
            for (int i = 0; i < classes.size(); i++) {
                if (isOpen.test(cursor) && canGo(cursor)) {
                    return Optional.of(take(next(cursor), now));
                }
                classes.get(cursor).began = false;
                cursor = (cursor + 1) % classes.size();
            }
        } while (maySend);
        return Optional.empty();
    }

    private boolean canGo(int index) {
        return in(index).findAny().isPresent()
                && classes.get(index).affords(next(index), policy(index).quantumTokens());
    }

    private String take(Entry next, long now) {
        classes.get(next.policyClass).credit -= next.cost();
        onTurn(next.group()).credit -= next.cost();
        remove(next);
        rate.left(next.cost(), now);
        return next.name;
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

    /// The request of a class that goes next.
    private Entry next(int index) {
        long tier = in(index).mapToLong(it -> it.applicant.tier()).max().orElseThrow();
        var group = new Group(index, tier);
        return of(group, onTurn(group).who).getFirst();
    }

    private Share onTurn(Group group) {
        List<Share> ring = rings.getOrDefault(group, List.of());
        while (true) {
            Share first = ring.getFirst();
            if (first.affords(of(group, first.who).getFirst(), config.quantumTokens())) {
                return first;
            }
            first.began = false;
            ring.add(ring.removeFirst());
        }
    }

    private void remove(Entry entry) {
        waiting.remove(entry);
        String tenant = entry.applicant.tenant();
        if (of(entry.group(), tenant).isEmpty()) {
            rings.getOrDefault(entry.group(), new ArrayList<>())
                    .removeIf(it -> it.who.equals(tenant));
        }
        if (in(entry.policyClass).findAny().isEmpty()) {
            classes.get(entry.policyClass).credit = 0;
            classes.get(entry.policyClass).began = false;
        }
    }

    private PolicyClass policy(int index) {
        return config.profile().classes().get(index);
    }

    private Stream<Entry> in(int index) {
        return waiting.stream().filter(it -> it.policyClass == index);
    }

    /// In the order in which they go.
    private List<Entry> of(Group group, String tenant) {
        return waiting.stream()
                .filter(it -> it.group().equals(group) && it.applicant.tenant().equals(tenant))
                .sorted(ORDER)
                .toList();
    }

    private long tokens(Group group, String tenant) {
        return of(group, tenant).stream().mapToLong(Entry::cost).sum();
    }

    private long tokens(int index) {
        return in(index).mapToLong(Entry::cost).sum();
    }

    private long share(int index, long tokens, int other) {
        double ratio = (double) policy(index).quantumTokens() / policy(other).quantumTokens();
        return (long) Math.ceil(tokens * ratio);
    }

    private boolean isLate(Entry entry, long now) {
        if (entry.applicant.deadlineNanos().isEmpty()) {
            return false;
        }
        long left = entry.applicant.deadlineNanos().getAsLong() - now;
        OptionalDouble perSecond = rate.tokensPerSecond(now);
        if (left <= 0 || waiting.isEmpty() || perSecond.isEmpty()) {
            return left <= 0;
        }
        return before(entry) / perSecond.getAsDouble() > left / 1e9;
    }

    private long before(Entry entry) {
        long own = beforeInClass(entry);
        long before = own;
        for (int i = 0; i < classes.size(); i++) {
            if (i != entry.policyClass) {
                before += Math.min(tokens(i), share(i, own + entry.cost(), entry.policyClass));
            }
        }
        return before;
    }

    private long beforeInClass(Entry entry) {
        Applicant applicant = entry.applicant;
        long higher =
                in(entry.policyClass)
                        .filter(it -> it.applicant.tier() > applicant.tier())
                        .mapToLong(Entry::cost)
                        .sum();
        long mine =
                of(entry.group(), applicant.tenant()).stream()
                        .filter(it -> ORDER.compare(it, entry) < 0)
                        .mapToLong(Entry::cost)
                        .sum();
        long others =
                in(entry.policyClass)
                        .map(it -> it.applicant)
                        .filter(it -> it.tier() == applicant.tier())
                        .map(Applicant::tenant)
                        .filter(it -> !it.equals(applicant.tenant()))
                        .distinct()
                        .mapToLong(it -> Math.min(tokens(entry.group(), it), mine + entry.cost()))
                        .sum();
        return higher + mine + others;
    }

    private Optional<List<Entry>> room(Entry entry, int workers) {
        if (fits(entry, List.of(), workers)) {
            return Optional.of(List.of());
        }
        boolean byClass = !fitsClass(entry, List.of(), workers);
        int giving = byClass ? entry.policyClass : heaviest();
        if (in(giving).findAny().isEmpty()) {
            return Optional.empty();
        }
        long tier = in(giving).mapToLong(it -> it.applicant.tier()).min().orElseThrow();
        var lowest = new Group(giving, tier);
        boolean isOwn = giving == entry.policyClass;
        if (isOwn && tier > entry.applicant.tier()) {
            return Optional.empty();
        }
        String largest = largest(lowest);
        long spare =
                isOwn
                        ? tokens(lowest, largest) - floor(lowest, entry)
                        : tokens(giving)
                                - share(
                                        giving,
                                        tokens(entry.policyClass) + entry.cost(),
                                        entry.policyClass);
        List<Entry> gone = new ArrayList<>();
        for (Entry last : of(lowest, largest).reversed()) {
            gone.add(last);
            if (gone.stream().mapToLong(Entry::cost).sum() > spare) {
                return Optional.empty();
            }
            if (fits(entry, gone, workers)) {
                return Optional.of(gone);
            }
        }
        return Optional.empty();
    }

    private int heaviest() {
        int heaviest = 0;
        for (int i = 1; i < classes.size(); i++) {
            heaviest = tokens(i) > share(i, tokens(heaviest), heaviest) ? i : heaviest;
        }
        return heaviest;
    }

    private String largest(Group lowest) {
        return waiting.stream()
                .filter(it -> it.group().equals(lowest))
                .map(it -> it.applicant.tenant())
                .max(
                        Comparator.comparingLong((String it) -> tokens(lowest, it))
                                .thenComparing(it -> it))
                .orElseThrow();
    }

    private long floor(Group lowest, Entry entry) {
        return lowest.tier < entry.applicant.tier()
                ? 0
                : tokens(lowest, entry.applicant.tenant()) + entry.cost();
    }

    private boolean fits(Entry entry, List<Entry> without, int workers) {
        List<Entry> kept = waiting.stream().filter(it -> !without.contains(it)).toList();
        long tokens = kept.stream().mapToLong(it -> it.applicant.promptTokens()).sum();
        return kept.size() < config.waitingRequestsMax()
                && tokens + entry.applicant.promptTokens() <= config.waitingTokensMax()
                && fitsClass(entry, without, workers);
    }

    private boolean fitsClass(Entry entry, List<Entry> without, int workers) {
        var limits = policy(entry.policyClass).limits();
        Predicate<Entry> isKept = it -> !without.contains(it);
        return isBelow(limits.requests(), entry, isKept, workers, _ -> 1)
                && isBelow(
                        limits.promptTokens(),
                        entry,
                        isKept,
                        workers,
                        it -> it.applicant.promptTokens())
                && isBelow(
                        limits.cachedTokens(),
                        entry,
                        isKept,
                        workers,
                        it -> it.applicant.promptTokens() - it.applicant.uncachedTokens());
    }

    private boolean isBelow(
            OptionalLong limit,
            Entry entry,
            Predicate<Entry> isKept,
            int workers,
            ToLongFunction<Entry> figure) {
        return limit.isEmpty()
                || in(entry.policyClass).filter(isKept).mapToLong(figure).sum()
                        < limit.getAsLong() * workers;
    }
}
