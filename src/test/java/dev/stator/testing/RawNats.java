package dev.stator.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A NATS client that knows only the text protocol, as anybody may write one. Reads wait at most
/// 10 s.
public final class RawNats implements Closeable {
    private static final int READ_MILLIS = 10_000;
    private static final String HELLO =
            "CONNECT {\"verbose\":false,\"name\":\"raw\",\"headers\":false}\r\n";

    private final Socket socket;
    private final InputStream in;

    private RawNats(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /// What arrived on a subject.
    public record Delivered(String subject, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    public static RawNats connect(int port) throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        var client = new RawNats(socket);
        client.expect("INFO ");
        client.send(HELLO);
        return client;
    }

    /// Listens to a pattern; when this returns, the server knows.
    public RawNats subscribe(String pattern) throws IOException {
        send("SUB " + pattern + " 1\r\n");
        return ping();
    }

    public RawNats publish(String subject, byte[] payload) throws IOException {
        send("PUB " + subject + " " + payload.length + "\r\n");
        socket.getOutputStream().write(payload);
        send("\r\n");
        return this;
    }

    /// Waits until the server has taken everything. Not while messages may arrive.
    public RawNats ping() throws IOException {
        send("PING\r\n");
        expect("PONG");
        return this;
    }

    /// The next message.
    public Delivered next() throws IOException {
        String[] head = expect("MSG ").split(" ", -1);
        byte[] payload = in.readNBytes(Integer.parseInt(head[head.length - 1]));
        in.readNBytes(2);
        return new Delivered(head[1], payload);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// The next line but for the server's pings.
    private String expect(String begin) throws IOException {
        String line = line();
        while (line.equals("PING")) {
            send("PONG\r\n");
            line = line();
        }
        if (!line.startsWith(begin)) {
            throw new IOException("expected " + begin + " but came " + line);
        }
        return line;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server hung up after " + line);
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }
}
