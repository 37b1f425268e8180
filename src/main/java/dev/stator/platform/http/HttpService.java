package dev.stator.platform.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What the connections of one server share.
final class HttpService {
    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);

    private final Routes routes;
    private final ErrorPage errors;
    private final HttpLimits limits;
    private final AtomicLong bodyBytes = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean draining;

    HttpService(Routes routes, ErrorPage errors, HttpLimits limits) {
        this.routes = routes;
        this.errors = errors;
        this.limits = limits;
    }

    Routes routes() {
        return routes;
    }

    HttpLimits limits() {
        return limits;
    }

    /// Whether there was room for `bytes` more of request bodies, which are then counted.
    boolean reserveBody(long bytes) {
        if (bodyBytes.addAndGet(bytes) <= limits.bodyBytesTotalMax()) {
            return true;
        }
        bodyBytes.addAndGet(-bytes);
        return false;
    }

    void releaseBody(long bytes) {
        bodyBytes.addAndGet(-bytes);
    }

    int connections() {
        return connections.get();
    }

    /// Counts a connection in; whether it is within the limit. It is to be counted out either way.
    boolean connected() {
        return connections.incrementAndGet() <= limits.connectionsMax();
    }

    void disconnected() {
        connections.decrementAndGet();
    }

    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    HttpResponse error(int status, String message) {
        return errors.page(status, message);
    }

    /// Starts the handler of a whole request on a virtual thread.
    void dispatch(IncomingRequest request, HttpExchange exchange) {
        Thread.ofVirtual()
                .name("request")
                .start(
                        () -> {
                            try {
                                answer(request, exchange);
                            } finally {
                                releaseBody(request.size());
                            }
                        });
    }

    private void answer(IncomingRequest request, HttpExchange exchange) {
        try {
            Optional<Routes.Match> match = request.match();
            if (match.isEmpty()) {
                exchange.respond(error(404, "no such path: " + shown(exchange.path())));
                return;
            }
            Optional<HttpHandler> handler = match.get().handler(exchange.method());
            if (handler.isPresent()) {
                handler.get().handle(exchange);
            } else {
                exchange.respond(notAllowed(exchange.method(), match.get()));
            }
        } catch (Throwable e) {
            LOG.error("{} {} failed", exchange.method(), shown(exchange.path()), e);
            if (!exchange.isAnswered()) {
                exchange.respond(error(500, "internal error"));
            } else {
                exchange.stream().ifPresent(SseStream::abort);
            }
        }
    }

    private HttpResponse notAllowed(String method, Routes.Match match) {
        if (method.equals("OPTIONS")) {
            return HttpResponse.of(204, "text/plain", "").with("allow", match.allowed());
        }
        return error(405, "this path does not know the method " + shown(method))
                .with("allow", match.allowed());
    }

    /// Client text fit for logs and messages: printable ASCII, bounded.
    static String shown(String text) {
        String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= 100 ? printable : printable.substring(0, 100) + "...";
    }
}
