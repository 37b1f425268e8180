package dev.stator.platform.nats;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// How a connection is made.
///
/// @param name shown by the server's monitoring, such as `stator-worker-7587`
/// @param servers URLs of one cluster, as in `nats://localhost:4222`, or `tls://…`
/// @param access how the client proves who it is, and the server too
/// @param outgoingMessagesMax that wait to be sent before further ones are dropped
public record NatsConfig(
        String name, List<String> servers, Access access, int outgoingMessagesMax) {

    /// Room for a burst of several large evictions.
    public static final int OUTGOING_MESSAGES_MAX = 8_192;

    public NatsConfig {
        servers = List.copyOf(servers);
        if (!name.matches("[!-~]{1,128}")) {
            throw new IllegalArgumentException(
                    "name must be 1 to 128 printable ASCII characters: \"" + name + "\"");
        }
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers must name at least one URL");
        }
        servers.forEach(NatsConfig::requireUrl);
        if (outgoingMessagesMax < 1) {
            throw new IllegalArgumentException(
                    "outgoingMessagesMax must be positive: " + outgoingMessagesMax);
        }
    }

    /// @param servers URLs, separated by commas, as in the variable `NATS_SERVER`
    public static NatsConfig of(String name, String servers) {
        List<String> urls = Arrays.stream(servers.split(",")).map(String::strip).toList();
        return new NatsConfig(name, urls, Access.OPEN, OUTGOING_MESSAGES_MAX);
    }

    public NatsConfig with(Access newAccess) {
        return new NatsConfig(name, servers, newAccess, outgoingMessagesMax);
    }

    /// How the two ends of a connection know each other. What stands in a server's URL counts more.
    ///
    /// @param user with a password
    /// @param token in place of a user
    /// @param authority certificates in PEM of those who may vouch for the server; the JVM's own
    ///     when empty
    public record Access(Optional<User> user, Optional<String> token, Optional<Path> authority) {

        /// For servers that let everybody in.
        public static final Access OPEN =
                new Access(Optional.empty(), Optional.empty(), Optional.empty());

        /// Trusts the authority, if one is named. Throws `IllegalArgumentException` when its
        /// certificates cannot be read.
        Optional<SSLContext> trust() {
            return authority.map(Access::trust);
        }

        private static SSLContext trust(Path certificates) {
            try (InputStream in = Files.newInputStream(certificates)) {
                KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
                known.load(null, null);
                for (Certificate each :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    known.setCertificateEntry("authority-" + known.size(), each);
                }
                TrustManagerFactory managers =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                managers.init(known);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, managers.getTrustManagers(), null);
                return context;
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalArgumentException(
                        "no certificates can be read from " + certificates + ": " + e, e);
            }
        }

        /// Never shows the token.
        @Override
        public String toString() {
            return user.map(User::toString).orElse(token.isPresent() ? "token" : "open");
        }
    }

    /// @param name as the server knows it
    public record User(String name, String password) {

        /// Never shows the password.
        @Override
        public String toString() {
            return "user " + name;
        }
    }

    /// A server's URL without user and password.
    static String shown(String url) {
        return url.replaceFirst("//[^/@]*@", "//");
    }

    private static void requireUrl(String url) {
        try {
            if (URI.create(url.contains("://") ? url : "nats://" + url).getHost() != null) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // refused below, in our words
        }
        throw new IllegalArgumentException(
                "a NATS server must be a URL like nats://localhost:4222: \"" + shown(url) + "\"");
    }
}
