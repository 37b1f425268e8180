package dev.stator.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

import java.util.Arrays;
import java.util.Optional;

/// A request whose head is known and whose body is coming in. Event-loop thread only.
final class IncomingRequest {
    private static final int FIRST_BYTES = 8 << 10;

    private final HttpRequest head;
    private final String path;
    private final Optional<Routes.Match> match;
    private final long declaredBytes;
    private final long startNanos;
    private byte[] body = new byte[0];
    private int size;

    IncomingRequest(HttpRequest head, Routes routes, long startNanos) {
        this.head = head;
        this.path = pathOf(head.uri());
        this.match = routes.match(path);
        this.declaredBytes = HttpUtil.getContentLength(head, -1L);
        this.startNanos = startNanos;
    }

    HttpRequest head() {
        return head;
    }

    String path() {
        return path;
    }

    Optional<Routes.Match> match() {
        return match;
    }

    /// Bytes of the body as `Content-Length` says, or -1.
    long declaredBytes() {
        return declaredBytes;
    }

    boolean hasBody() {
        return declaredBytes > 0 || HttpUtil.isTransferEncodingChunked(head);
    }

    long startNanos() {
        return startNanos;
    }

    int size() {
        return size;
    }

    /// Memory follows what has arrived, not what was announced.
    void append(ByteBuf bytes) {
        int count = bytes.readableBytes();
        int needed = size + count;
        if (needed > body.length) {
            long doubled = Math.max(Math.max(FIRST_BYTES, needed), 2L * body.length);
            long capacity = declaredBytes >= needed ? Math.min(doubled, declaredBytes) : doubled;
            body = Arrays.copyOf(body, (int) Math.min(capacity, Integer.MAX_VALUE - 8));
        }
        bytes.readBytes(body, size, count);
        size = needed;
    }

    /// The body; this object is done with it.
    byte[] takeBody() {
        byte[] whole = body.length == size ? body : Arrays.copyOf(body, size);
        body = new byte[0];
        return whole;
    }

    private static String pathOf(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        int authority = path.indexOf("://");
        if (!path.startsWith("/") && authority > 0) {
            int slash = path.indexOf('/', authority + 3);
            return slash < 0 ? "/" : path.substring(slash);
        }
        return path;
    }
}
