package dev.stator.runtime.discovery.etcd;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Where etcd is, and how patient to be.
///
/// @param endpoints of the members of one cluster, as `http://host:port`
/// @param user with a password; empty where everybody is let in
/// @param leaseTtl how long instances outlive a process that ended without saying so
/// @param openLimit how long etcd may be unreachable at the start
public record EtcdConfig(
        List<URI> endpoints, Optional<User> user, Duration leaseTtl, Duration openLimit) {
    private static final Duration LEASE_TTL = Duration.ofSeconds(10);
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

    public EtcdConfig {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("etcd needs at least one endpoint");
        }
        endpoints.forEach(EtcdConfig::requireHttp);
        if (leaseTtl.toSeconds() < 1 || leaseTtl.toNanosPart() != 0) {
            throw new IllegalArgumentException("lease ttl must be whole seconds: " + leaseTtl);
        }
        if (!openLimit.isPositive()) {
            throw new IllegalArgumentException("open limit must be positive: " + openLimit);
        }
    }

    /// With Dynamo's time to live.
    public static EtcdConfig at(List<URI> endpoints) {
        return new EtcdConfig(endpoints, Optional.empty(), LEASE_TTL, OPEN_LIMIT);
    }

    public EtcdConfig as(Optional<User> newUser) {
        return new EtcdConfig(endpoints, newUser, leaseTtl, openLimit);
    }

    /// @param name as etcd knows it
    public record User(String name, String password) {

        /// Never shows the password.
        @Override
        public String toString() {
            return "user " + name;
        }
    }

    /// The endpoints, for messages.
    String where() {
        return endpoints.stream().map(URI::toString).collect(Collectors.joining(", "));
    }

    private static void requireHttp(URI endpoint) {
        if (!"http".equals(endpoint.getScheme()) || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "etcd endpoint must be http://host:port: " + endpoint);
        }
    }
}
