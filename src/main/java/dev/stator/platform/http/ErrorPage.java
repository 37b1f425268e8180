package dev.stator.platform.http;

/// How refusals look that the server makes before or instead of a handler.
@FunctionalInterface
public interface ErrorPage {

    /// Plain text.
    ErrorPage TEXT =
            (status, message) ->
                    HttpResponse.of(status, "text/plain; charset=utf-8", message + "\n");

    /// The answer for `status`; `message` is fit for the client.
    HttpResponse page(int status, String message);
}
