package dev.stator.runtime.requests.nats;

import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Transport;

import java.util.Locale;
import java.util.regex.Pattern;

/// The subject at which an endpoint takes requests, written
/// `{namespace}_{component}.{endpoint}-{instance:x}`. Dynamo writes its first part in lower case
/// and without underscores in front.
final class NatsSubject {
    /// Printable, and no pattern.
    private static final Pattern VALID = Pattern.compile("[!-~&&[^*>.]]+(\\.[!-~&&[^*>.]]+)*");

    private NatsSubject() {}

    static String of(EndpointId endpoint, long instanceId) {
        String service =
                (endpoint.namespace() + "_" + endpoint.component())
                        .toLowerCase(Locale.ROOT)
                        .replaceFirst("^_+", "");
        return "%s.%s-%x".formatted(service, endpoint.endpoint(), instanceId);
    }

    /// Throws `IllegalArgumentException` when no request can be sent there.
    static String of(Transport transport) {
        if (!transport.kind().equals(Transport.NATS)) {
            throw new IllegalArgumentException("it is not on NATS: " + transport);
        }
        if (!VALID.matcher(transport.address()).matches()) {
            throw new IllegalArgumentException("it is no subject: " + transport);
        }
        return transport.address();
    }
}
