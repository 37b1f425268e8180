package dev.stator.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An HTTP server on a free loopback port that answers byte by byte what a script says, well-formed
/// or not. One virtual thread per connection.
public final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// What to do with one request.
    @FunctionalInterface
    public interface Script {
        void answer(Request request, Peer peer) throws IOException, InterruptedException;
    }

    /// @param connection the how-many-th connection it came on, from 1
    public record Request(
            int connection, String method, String path, Map<String, String> headers, String body) {}

    public int port() {
        return listener.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /// Everything that was asked so far.
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /// Connections open now.
    public int open() {
        return open.size();
    }

    /// Connections ever accepted.
    public int accepted() {
        return accepted.get();
    }

    /// Closes every connection, as a server does with those it thinks idle.
    public void closeConnections() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                int number = accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(number, socket));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(int number, Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                Request request = request(number, head, in);
                requests.add(request);
                script.answer(request, new Peer(socket, in));
            }
        } catch (IOException | InterruptedException _) {
            // The client has gone, or the script wanted it so.
        } finally {
            open.remove(socket);
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static Request request(int number, String head, InputStream in) throws IOException {
        List<String> lines = head.lines().toList();
        List<String> first = List.of(lines.getFirst().split(" ", 3));
        Map<String, String> headers = new TreeMap<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Request(number, first.get(0), first.get(1), headers, body);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeConnections();
    }

    /// The client's end of a connection.
    public static final class Peer {
        private final Socket socket;
        private final InputStream in;

        private Peer(Socket socket, InputStream in) {
            this.socket = socket;
            this.in = in;
        }

        public Peer write(String text) throws IOException {
            return write(text.getBytes(StandardCharsets.UTF_8));
        }

        public Peer write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            return this;
        }

        /// A whole answer.
        public Peer answer(int status, String contentType, String body) throws IOException {
            return write(whole(status, contentType, body));
        }

        /// The head of a stream of events in chunks.
        public Peer openEvents() throws IOException {
            return write(EVENTS_HEAD);
        }

        /// One event in a chunk of its own.
        public Peer event(String data) throws IOException {
            return write(chunk("data: " + data + "\n\n"));
        }

        /// The end of an answer in chunks.
        public Peer endChunks() throws IOException {
            return write("0\r\n\r\n");
        }

        /// Ends the connection in order.
        public void close() throws IOException {
            socket.close();
        }

        /// Waits until the client has closed its end, in order or by a reset.
        public void awaitClosed() {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException _) {
                // Closed by a reset.
            }
        }
    }

    /// The head of a stream of events in chunks.
    public static final String EVENTS_HEAD =
            """
            HTTP/1.1 200 OK\r
            content-type: text/event-stream; charset=utf-8\r
            transfer-encoding: chunked\r
            \r
            """;

    /// `text` as one chunk.
    public static String chunk(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return Integer.toHexString(length) + "\r\n" + text + "\r\n";
    }

    /// A whole answer that says how long it is.
    public static String whole(int status, String contentType, String body) {
        return "HTTP/1.1 %d Whatever\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n%s"
                .formatted(status, contentType, body.getBytes(StandardCharsets.UTF_8).length, body);
    }
}
