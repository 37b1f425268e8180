package dev.stator.runtime.requests.tcp;

import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.requests.callhome.HostPort;

/// Where an endpoint is served, written `host:port/{instance:x}/{endpoint}`.
record TcpAddress(HostPort server, String path) {

    /// Throws `IllegalArgumentException` when it is no such address.
    static TcpAddress parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("must be host:port/path: \"" + text + "\"");
        }
        return new TcpAddress(HostPort.parse(text.substring(0, slash)), text.substring(slash + 1));
    }

    static String path(EndpointId endpoint, long instanceId) {
        return Long.toHexString(instanceId) + "/" + endpoint.endpoint();
    }

    @Override
    public String toString() {
        return server + "/" + path;
    }
}
