package dev.stator.routing.affinity;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The workers that sessions are bound to. Thread-safe; one lock.
///
/// A session is forgotten when it has not been used for the time to live, or when there is no room
/// and it is the one that has not been used for longest. Bindings carry versions, so that routers
/// that hear of each other's agree on the last one.
public final class SessionTable {

    /// Sessions that are remembered unless configured otherwise.
    public static final int SESSIONS_MAX = 65_536;

    /// Characters of a session's id; sessions with longer ones are not bound.
    public static final int ID_CHARS_MAX = 256;

    private final long ttlNanos;
    private final int sessionsMax;
    private final LongSupplier nanos;
    private volatile long writer; // this router
    private volatile Listener listener = Listener.NONE;
    private final LinkedHashMap<String, Entry> entries =
            new LinkedHashMap<>(); // guarded by this, by last use
    private long clock; // guarded by this: the highest sequence number seen

    private record Entry(Bond bond, Version version, long usedNanos) {}

    /// Hears of the bindings made here. Must not block.
    @FunctionalInterface
    public interface Listener {
        Listener NONE = (_, _, _) -> {};

        /// @param sequence higher than that of any binding known here before
        void bound(String session, Bond bond, long sequence);
    }

    /// @param nanos a monotonic clock
    public SessionTable(Duration ttl, int sessionsMax, LongSupplier nanos) {
        if (sessionsMax < 1) {
            throw new IllegalArgumentException("sessionsMax must be positive: " + sessionsMax);
        }
        this.ttlNanos = ttl.toNanos();
        this.sessionsMax = sessionsMax;
        this.nanos = nanos;
    }

    /// Tells `heard` of the bindings made from now on, and nobody else any more.
    ///
    /// @param self by what others know this router
    public void listen(long self, Listener heard) {
        writer = self;
        listener = heard;
    }

    /// Where the session belongs, if it is remembered. Does not count as use.
    public synchronized Optional<Bond> find(String session) {
        expire();
        return Optional.ofNullable(entries.get(session)).map(Entry::bond);
    }

    /// The session goes to a worker and belongs there from now on.
    public void bind(String session, Bond bond) {
        if (session.length() <= ID_CHARS_MAX) {
            listener.bound(session, bond, put(session, bond));
        }
    }

    /// Another router bound the session. The binding counts unless a later one is known.
    public synchronized void hear(String session, Bond bond, Version version) {
        expire();
        clock = version.sequence() > clock ? version.sequence() : clock;
        Entry known = entries.get(session);
        if (session.length() <= ID_CHARS_MAX
                && (known == null || version.compareTo(known.version) > 0)) {
            replace(session, new Entry(bond, version, nanos.getAsLong()));
        }
    }

    /// Sessions that are remembered.
    public synchronized int size() {
        expire();
        return entries.size();
    }

    private synchronized long put(String session, Bond bond) {
        expire();
        clock++;
        replace(session, new Entry(bond, new Version(clock, writer), nanos.getAsLong()));
        return clock;
    }

    private void replace(String session, Entry entry) {
        entries.remove(session);
        if (entries.size() == sessionsMax) {
            entries.pollFirstEntry();
        }
        entries.put(session, entry);
    }

    private void expire() {
        long now = nanos.getAsLong();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext() && now - oldest.next().usedNanos > ttlNanos) {
            oldest.remove();
        }
    }

    /// Throws `IllegalStateException` on a contradiction.
    synchronized void checkInvariants() {
        if (entries.size() > sessionsMax) {
            throw new IllegalStateException(entries.size() + " sessions, limit " + sessionsMax);
        }
        long before = Long.MIN_VALUE;
        for (Entry entry : entries.values()) {
            if (entry.usedNanos < before) {
                throw new IllegalStateException("sessions are not in the order of their use");
            }
            before = entry.usedNanos;
        }
    }

    /// Orders the bindings of one session: the later sequence number wins, of equal ones the higher
    /// writer.
    ///
    /// @param writer the router that made the binding, an unsigned number
    public record Version(long sequence, long writer) implements Comparable<Version> {

        @Override
        public int compareTo(Version other) {
            int bySequence = Long.compareUnsigned(sequence, other.sequence);
            return bySequence != 0 ? bySequence : Long.compareUnsigned(writer, other.writer);
        }
    }
}
