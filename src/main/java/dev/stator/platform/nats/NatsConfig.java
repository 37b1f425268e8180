package dev.stator.platform.nats;

import java.net.URI;
import java.util.Arrays;
import java.util.List;

/// How a connection is made.
///
/// @param name shown by the server's monitoring, such as `stator-worker-7587`
/// @param servers URLs of one cluster, as in `nats://localhost:4222`
/// @param outgoingMessagesMax that wait to be sent before further ones are dropped
public record NatsConfig(String name, List<String> servers, int outgoingMessagesMax) {

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
        return new NatsConfig(name, urls, OUTGOING_MESSAGES_MAX);
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
