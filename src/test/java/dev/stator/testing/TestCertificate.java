package dev.stator.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/// A self-signed certificate for `127.0.0.1` as PEM files, made by the JDK's `keytool`.
///
/// @param certificate its own authority
public record TestCertificate(Path certificate, Path key) {
    private static final char[] PASSWORD = "password".toCharArray();

    public static TestCertificate in(Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("keys.p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process =
                new ProcessBuilder(
                                (keytool
                                                + " -genkeypair -alias own -keyalg EC -storetype"
                                                + " PKCS12 -dname CN=127.0.0.1 -ext"
                                                + " san=ip:127.0.0.1 -storepass password -keystore "
                                                + store)
                                        .split(" "))
                        .inheritIO()
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return new TestCertificate(
                pem(folder, "CERTIFICATE", keys.getCertificate("own").getEncoded()),
                pem(folder, "PRIVATE KEY", keys.getKey("own", PASSWORD).getEncoded()));
    }

    private static Path pem(Path folder, String kind, byte[] bytes) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {10}).encodeToString(bytes);
        return Files.writeString(
                folder.resolve(kind.replace(' ', '-') + ".pem"),
                "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(kind, body));
    }
}
