package dev.stator.platform.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

import java.util.List;
import java.util.Optional;

/// What is refused by the head of a request alone, before its body is read.
final class RequestCheck {
    private RequestCheck() {}

    /// An answer that ends the connection.
    record Refusal(int status, String message) {}

    /// What is wrong with a request, if anything is.
    static Optional<Refusal> check(IncomingRequest request, HttpLimits limits) {
        HttpVersion version = request.head().protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return refusal(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        HttpHeaders headers = request.head().headers();
        if (headers.size() > limits.headersMax()) {
            return refusal(431, "more than " + limits.headersMax() + " header fields");
        }
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && version.equals(HttpVersion.HTTP_1_1))) {
            return refusal(400, "exactly one Host header is needed");
        }
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.isEmpty()
                && !(encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase("chunked"))) {
            return refusal(501, "the only transfer coding understood is chunked");
        }
        if (!encodings.isEmpty() && version.equals(HttpVersion.HTTP_1_0)) {
            return refusal(400, "HTTP/1.0 has no transfer codings");
        }
        return checkBody(request, limits);
    }

    private static Optional<Refusal> checkBody(IncomingRequest request, HttpLimits limits) {
        if (request.declaredBytes() > limits.bodyBytesMax()) {
            return refusal(413, tooLarge(limits));
        }
        String expectation = request.head().headers().get(HttpHeaderNames.EXPECT, "100-continue");
        if (!expectation.equalsIgnoreCase("100-continue")) {
            return refusal(417, "the only expectation understood is 100-continue");
        }
        if (request.hasBody() && request.match().isEmpty()) {
            return refusal(404, "no such path: " + HttpService.shown(request.path()));
        }
        return Optional.empty();
    }

    static String tooLarge(HttpLimits limits) {
        return "the body is larger than " + limits.bodyBytesMax() + " bytes";
    }

    /// What to say to bytes that are not HTTP.
    static Refusal malformed(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ -> new Refusal(414, "the request line is too long");
            case TooLongHttpHeaderException _ ->
                    new Refusal(431, "the header fields are too large");
            default -> new Refusal(400, "not a well-formed HTTP request");
        };
    }

    private static Optional<Refusal> refusal(int status, String message) {
        return Optional.of(new Refusal(status, message));
    }
}
