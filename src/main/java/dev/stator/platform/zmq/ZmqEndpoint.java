package dev.stator.platform.zmq;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a socket listens or what it connects to: `tcp://host:port`, `ipc://path` or
/// `inproc://name`. A TCP host may be `*`, a port `*` or `0` when the system shall choose.
///
/// @param uri as given
public record ZmqEndpoint(String uri) {
    private static final Pattern TCP = Pattern.compile("tcp://(.+):(\\*|[0-9]{1,5})");
    private static final Pattern LOCAL = Pattern.compile("(ipc|inproc)://.+");
    private static final int PORT_MAX = 65_535;

    /// Throws `IllegalArgumentException` when it is none of these.
    public ZmqEndpoint {
        Matcher tcp = TCP.matcher(uri);
        boolean isTcp = tcp.matches() && portOf(tcp.group(2)) <= PORT_MAX;
        if (!isTcp && !LOCAL.matcher(uri).matches()) {
            throw new IllegalArgumentException(
                    "must be tcp://host:port, ipc://path or inproc://name: \"" + uri + "\"");
        }
    }

    /// The rule of vLLM and SGLang: wildcard hosts and local endpoints are bound by the publisher,
    /// others are connected to.
    public boolean isBound() {
        return uri.contains("*") || uri.contains("::") || !isTcp();
    }

    public boolean isTcp() {
        return uri.startsWith("tcp://");
    }

    /// The TCP port, 0 when the system chooses. Throws `IllegalStateException` for local endpoints.
    public int port() {
        return portOf(tcp().group(2));
    }

    /// The endpoint of data-parallel rank `rank`: the next ports, or a name with a suffix.
    ///
    /// Throws `IllegalArgumentException` when there is no such port.
    public ZmqEndpoint forRank(int rank) {
        if (rank == 0) {
            return this;
        }
        if (!isTcp()) {
            return new ZmqEndpoint(uri + "_dp" + rank);
        }
        if (port() == 0 || port() + rank > PORT_MAX) {
            throw new IllegalArgumentException(
                    "rank %d needs port %d + %d of %s".formatted(rank, port(), rank, uri));
        }
        return new ZmqEndpoint("tcp://" + tcp().group(1) + ":" + (port() + rank));
    }

    /// How `host` is reached here, when this is bound to all of a machine's addresses.
    public ZmqEndpoint reachedAt(String host) {
        if (!isTcp()) {
            return this;
        }
        String bound = tcp().group(1);
        boolean isWildcard = bound.equals("*") || bound.equals("0.0.0.0") || bound.equals("[::]");
        return isWildcard ? new ZmqEndpoint("tcp://" + host + ":" + port()) : this;
    }

    boolean isIpv6() {
        return isTcp() && tcp().group(1).contains(":");
    }

    @Override
    public String toString() {
        return uri;
    }

    private Matcher tcp() {
        Matcher matcher = TCP.matcher(uri);
        if (!matcher.matches()) {
            throw new IllegalStateException("has no port: " + uri);
        }
        return matcher;
    }

    private static int portOf(String text) {
        return text.equals("*") ? 0 : Integer.parseInt(text);
    }
}
