package dev.stator.openai.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// Names the holders of API keys without showing the keys.
final class ApiKeys {
    private static final String SCHEME = "bearer ";
    private static final int NAME_BYTES = 8;

    private ApiKeys() {}

    /// A name that depends on the key alone and from which it cannot be found.
    ///
    /// @param authorization the value of the header
    static Optional<String> nameOf(String authorization) {
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.empty();
        }
        String key = authorization.substring(SCHEME.length()).strip();
        return key.isEmpty() ? Optional.empty() : Optional.of("key-" + digest(key));
    }

    private static String digest(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
