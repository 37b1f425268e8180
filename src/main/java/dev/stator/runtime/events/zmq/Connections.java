package dev.stator.runtime.events.zmq;

import dev.stator.platform.zmq.ZmqEndpoint;
import dev.stator.platform.zmq.ZmqSocket;
import dev.stator.runtime.discovery.DiscoveryListener;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceChange;
import dev.stator.runtime.discovery.InstanceChange.Added;
import dev.stator.runtime.discovery.InstanceChange.Changed;
import dev.stator.runtime.discovery.InstanceChange.Removed;
import dev.stator.runtime.discovery.Transport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Keeps a subscriber's socket connected to all publishers of a topic that discovery shows. Called
/// by one watch.
final class Connections implements DiscoveryListener {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final EndpointId publishers;
    private final ZmqSocket socket;
    private final Map<Long, ZmqEndpoint> connected = new HashMap<>(); // by instance id

    Connections(EndpointId publishers, ZmqSocket socket) {
        this.publishers = publishers;
        this.socket = socket;
    }

    @Override
    public void onChange(InstanceChange change) {
        Instance instance = change.instance();
        if (!instance.endpoint().equals(publishers)) {
            return;
        }
        switch (change) {
            case Added(var added) -> follow(added);
            case Changed(var changed) -> follow(changed);
            case Removed(var removed) -> leave(removed.instanceId());
        }
    }

    private void follow(Instance instance) {
        Optional<ZmqEndpoint> address = address(instance);
        if (address.equals(Optional.ofNullable(connected.get(instance.instanceId())))) {
            return;
        }
        leave(instance.instanceId());
        address.ifPresent(
                it -> {
                    if (!connected.containsValue(it)) {
                        socket.connect(it);
                    }
                    connected.put(instance.instanceId(), it);
                });
    }

    private void leave(long instanceId) {
        ZmqEndpoint gone = connected.remove(instanceId);
        if (gone != null && !connected.containsValue(gone)) {
            socket.disconnect(gone);
        }
    }

    private static Optional<ZmqEndpoint> address(Instance instance) {
        if (!instance.transport().kind().equals(Transport.ZMQ)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ZmqEndpoint(instance.transport().address()));
        } catch (IllegalArgumentException e) {
            LOG.warn("{} is announced at an impossible address: {}", instance, e.getMessage());
            return Optional.empty();
        }
    }
}
