package dev.stator.platform.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which handler answers which method and path. Immutable.
///
/// A path that ends in `/*` stands for every longer path below it; the longest match counts.
public final class Routes {
    private final Map<String, Map<String, HttpHandler>> exact;
    private final Map<String, Map<String, HttpHandler>> below;

    private Routes(
            Map<String, Map<String, HttpHandler>> exact,
            Map<String, Map<String, HttpHandler>> below) {
        this.exact = exact;
        this.below = below;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// The handlers of a path by method.
    ///
    /// @param prefix the part of the path the pattern names; the whole path when it is exact
    record Match(String prefix, Map<String, HttpHandler> byMethod) {

        /// `HEAD` is answered by what answers `GET`.
        Optional<HttpHandler> handler(String method) {
            return Optional.ofNullable(byMethod.get(method.equals("HEAD") ? "GET" : method));
        }

        /// The value of an `Allow` header.
        String allowed() {
            List<String> methods = new ArrayList<>(byMethod.keySet());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            methods.add("OPTIONS");
            return String.join(", ", methods);
        }
    }

    Optional<Match> match(String path) {
        Map<String, HttpHandler> handlers = exact.get(path);
        if (handlers != null) {
            return Optional.of(new Match(path, handlers));
        }
        for (int slash = path.lastIndexOf('/');
                slash >= 0;
                slash = path.lastIndexOf('/', slash - 1)) {
            String prefix = path.substring(0, slash + 1);
            handlers = below.get(prefix);
            if (handlers != null && path.length() > prefix.length()) {
                return Optional.of(new Match(prefix, handlers));
            }
        }
        return Optional.empty();
    }

    /// Collects routes.
    public static final class Builder {
        private final Map<String, Map<String, HttpHandler>> exact = new LinkedHashMap<>();
        private final Map<String, Map<String, HttpHandler>> below = new LinkedHashMap<>();

        private Builder() {}

        /// Adds a route. Throws `IllegalArgumentException` when it exists.
        public Builder add(String method, String path, HttpHandler handler) {
            boolean open = path.endsWith("/*");
            String key = open ? path.substring(0, path.length() - 1) : path;
            Map<String, HttpHandler> byMethod =
                    (open ? below : exact).computeIfAbsent(key, _ -> new TreeMap<>());
            if (byMethod.putIfAbsent(method, handler) != null) {
                throw new IllegalArgumentException("two routes for " + method + " " + path);
            }
            return this;
        }

        public Routes build() {
            return new Routes(Map.copyOf(exact), Map.copyOf(below));
        }
    }
}
