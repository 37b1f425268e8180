package dev.stator.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// An HTTP client that sends what it is told, well-formed or not. Reads wait at most 20 s.
public final class RawHttp implements Closeable {
    private static final int READ_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    public static RawHttp connect(int port) throws IOException {
        return connect(port, 0);
    }

    /// @param receiveBufferBytes of the socket, 0 for the system's choice
    public static RawHttp connect(int port, int receiveBufferBytes) throws IOException {
        var socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawHttp(socket);
    }

    /// An answer that said how long it is.
    public record Answer(int status, Map<String, String> headers, String body) {}

    public RawHttp send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /// A `POST` of JSON.
    public RawHttp post(String path, String json) throws IOException {
        return send(
                """
                POST %s HTTP/1.1\r
                Host: x\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                %s\
                """
                        .formatted(path, json.getBytes(StandardCharsets.UTF_8).length, json));
    }

    /// Reads one whole answer.
    public Answer read() throws IOException {
        return read(true);
    }

    /// Reads one answer to a `HEAD`.
    public Answer readHead() throws IOException {
        return read(false);
    }

    private Answer read(boolean withBody) throws IOException {
        List<String> lines = readUntil("\r\n\r\n").lines().toList();
        int status = Integer.parseInt(lines.getFirst().substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        String body = "";
        if (withBody && headers.containsKey("content-length")) {
            int length = Integer.parseInt(headers.get("content-length"));
            body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }
        return new Answer(status, headers, body);
    }

    /// Reads up to and including `mark`. Throws `IOException` when the connection ends before.
    public String readUntil(String mark) throws IOException {
        var read = new ByteArrayOutputStream();
        byte[] end = mark.getBytes(StandardCharsets.UTF_8);
        int matched = 0;
        while (matched < end.length) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("connection ended after " + read.size() + " bytes");
            }
            read.write(next);
            matched = next == end[matched] ? matched + 1 : next == end[0] ? 1 : 0;
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /// Everything up to the end of the connection, orderly or not.
    public String readToEnd() {
        var read = new ByteArrayOutputStream();
        try {
            in.transferTo(read);
        } catch (IOException e) {
            read.writeBytes(("<" + e.getMessage() + ">").getBytes(StandardCharsets.UTF_8));
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /// Ends in the orderly way, before `close`.
    public void end() throws IOException {
        socket.close();
    }

    /// Ends with a reset instead of an orderly end.
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
