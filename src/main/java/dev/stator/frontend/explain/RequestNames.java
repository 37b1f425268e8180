package dev.stator.frontend.explain;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// By which names clients know the last requests. Thread-safe; the oldest gives way.
public final class RequestNames {
    private final int requestsMax;
    private final Map<String, Named> byId = new LinkedHashMap<>(); // guarded by this
    private final Map<String, Deque<String>> byHeader = new HashMap<>(); // guarded by this

    /// One request.
    ///
    /// @param id the response's
    /// @param header its `x-request-id`
    /// @param generations one per choice
    public record Named(String id, String header, List<String> generations) {
        public Named {
            generations = List.copyOf(generations);
        }
    }

    /// @param requestsMax that are remembered
    public RequestNames(int requestsMax) {
        this.requestsMax = requestsMax;
    }

    public synchronized void add(Named request) {
        byId.put(request.id(), request);
        byHeader.computeIfAbsent(request.header(), _ -> new ArrayDeque<>(1)).addFirst(request.id());
        if (byId.size() > requestsMax) {
            var oldest = byId.values().iterator();
            forgetHeader(oldest.next());
            oldest.remove();
        }
    }

    /// The request of that `id`, or else the newest with that `x-request-id`.
    public synchronized Optional<Named> find(String name) {
        return Optional.ofNullable(byId.get(name))
                .or(() -> others(name).stream().findFirst().map(byId::get));
    }

    /// The ids of all requests with that `x-request-id`, newest first.
    public synchronized Collection<String> others(String header) {
        Deque<String> ids = byHeader.get(header);
        return ids == null ? List.of() : List.copyOf(ids);
    }

    private void forgetHeader(Named request) {
        Deque<String> ids = byHeader.get(request.header());
        if (ids != null) {
            ids.removeLastOccurrence(request.id());
            if (ids.isEmpty()) {
                byHeader.remove(request.header());
            }
        }
    }
}
