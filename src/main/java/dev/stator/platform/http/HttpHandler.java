package dev.stator.platform.http;

/// Answers requests of one route. Called on a virtual thread of its own per request; may block.
@FunctionalInterface
public interface HttpHandler {

    /// Answers now, or keeps `exchange` and answers later from any thread. An exception becomes
    /// status 500 when nothing has been answered yet.
    void handle(HttpExchange exchange) throws Exception;
}
