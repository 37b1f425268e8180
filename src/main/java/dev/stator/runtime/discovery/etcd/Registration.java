package dev.stator.runtime.discovery.etcd;

import dev.stator.platform.codec.Json;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceRecord;
import dev.stator.runtime.discovery.RecordFormat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One announced instance: what etcd should say about it, and what it does. Used by one thread.
final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final Instance.Key key;
    private Map<String, String> wanted;
    private Map<String, String> written = Map.of();
    private long writtenUnder; // lease, 0 for none
    private boolean isWithdrawn;
    private boolean isContested;

    Registration(Instance instance) {
        this.key = instance.key();
        this.wanted = values(instance);
    }

    Instance.Key key() {
        return key;
    }

    boolean isWithdrawn() {
        return isWithdrawn;
    }

    /// Whether it is withdrawn, and etcd has nothing of it.
    boolean isOver() {
        return isWithdrawn && written.isEmpty();
    }

    /// Whether another process has the same instance.
    boolean isContested() {
        return isContested;
    }

    void update(Instance instance) {
        wanted = isWithdrawn ? wanted : values(instance);
    }

    void withdraw() {
        isWithdrawn = true;
        wanted = Map.of();
    }

    /// Makes etcd say what it should.
    ///
    /// @param ours all leases this process ever had; what they left behind is overwritten
    void write(EtcdSession session, long lease, Set<Long> ours) throws EtcdFailure {
        if (!isWithdrawn && writtenUnder != lease) {
            create(session, lease, ours);
        } else if (!written.equals(wanted)) {
            change(session, lease);
        }
    }

    private void create(EtcdSession session, long lease, Set<Long> ours) throws EtcdFailure {
        boolean wasContested = isContested;
        isContested = false;
        written = both(written, wanted);
        isContested = !session.create(wanted, lease, ours);
        if (!isContested) {
            writtenUnder = lease;
            change(session, lease);
            return;
        }
        written = Map.of();
        if (!wasContested) {
            LOG.warn("{} is announced by another process, and not by this one", key);
        }
    }

    private void change(EtcdSession session, long lease) throws EtcdFailure {
        Map<String, String> changed = new LinkedHashMap<>(wanted);
        changed.entrySet().removeAll(written.entrySet());
        List<String> superfluous =
                List.copyOf(written.keySet()).reversed().stream()
                        .filter(it -> !wanted.containsKey(it))
                        .toList();
        written = both(written, wanted);
        writtenUnder = 0;
        if (!changed.isEmpty()) {
            session.put(changed, lease);
        }
        if (!superfluous.isEmpty()) {
            session.delete(superfluous);
        }
        written = wanted;
        writtenUnder = lease;
    }

    /// What may be in the store while it is not known which of two was written.
    private static Map<String, String> both(Map<String, String> one, Map<String, String> other) {
        Map<String, String> both = new LinkedHashMap<>(one);
        both.putAll(other);
        return both;
    }

    /// By key, in the order of writing.
    private static Map<String, String> values(Instance instance) {
        Map<String, String> values = new LinkedHashMap<>();
        for (InstanceRecord record : InstanceRecord.of(instance)) {
            values.put(RecordFormat.key(record), Json.write(RecordFormat.write(record)));
        }
        return values;
    }
}
