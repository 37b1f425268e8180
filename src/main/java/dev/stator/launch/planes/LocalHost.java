package dev.stator.launch.planes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/// What the addresses of this machine are good for.
final class LocalHost {
    private static final String LOOPBACK = "127.0.0.1";

    private LocalHost() {}

    static boolean isLoopback(String host) {
        return resolved(host).isLoopbackAddress();
    }

    /// Whether it stands for all addresses of the machine.
    static boolean isForAll(String host) {
        return resolved(host).isAnyLocalAddress();
    }

    /// The address that others are told: the host itself, or a routable one when it stands for all.
    static String advertised(String host) {
        return isForAll(host) ? routable() : host;
    }

    private static String routable() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(it -> it.isSiteLocalAddress() && !it.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElse(LOOPBACK);
        } catch (IOException e) {
            throw new UncheckedIOException("the machine's addresses cannot be read", e);
        }
    }

    private static InetAddress resolved(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (IOException e) {
            throw new UncheckedIOException("no such host: " + host, e);
        }
    }
}
