package dev.stator.platform.http.client;

import java.net.URI;
import java.net.URISyntaxException;

/// Where a server is.
///
/// @param basePath what goes before every path, without a slash at its end; often empty
public record HttpAddress(String host, int port, String basePath) {
    private static final int PORT = 80;

    /// Reads `http://host[:port][/base]`. Throws `IllegalArgumentException` on anything else; TLS
    /// is not spoken.
    public static HttpAddress parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a URL: " + url, e);
        }
        if (!"http".equalsIgnoreCase(uri.getScheme())
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must be http://host[:port][/path]: " + url);
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String host = uri.getHost().replaceAll("^\\[|]$", "");
        return new HttpAddress(
                host, uri.getPort() < 0 ? PORT : uri.getPort(), path.replaceAll("/+$", ""));
    }

    /// The value of a `Host` header.
    String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public String toString() {
        return "http://" + authority() + basePath;
    }
}
