package dev.stator.runtime.requests.callhome;

/// Where something listens, written `host:port`; a host that is an IPv6 address is in brackets.
public record HostPort(String host, int port) {
    private static final int PORT_MAX = 65_535;

    public HostPort {
        if (host.isEmpty() || port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("no host and port: \"" + host + "\", " + port);
        }
    }

    /// Throws `IllegalArgumentException` when it is not `host:port`.
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("must be host:port: \"" + text + "\"");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new HostPort(
                bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    }

    /// What others are told of a listener: `advertised`, or `host` when that is empty.
    ///
    /// Throws `IllegalArgumentException` when that would be the address of no machine.
    public static String advertised(String host, String advertised) {
        String told = advertised.isEmpty() ? host : advertised;
        if (told.equals("0.0.0.0") || told.equals("::")) {
            throw new IllegalArgumentException(
                    "advertised-host is needed by a listener at every address: " + told);
        }
        return told;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
