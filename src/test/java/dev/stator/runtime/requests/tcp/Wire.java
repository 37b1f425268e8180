package dev.stator.runtime.requests.tcp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Dynamo's frames written and read by hand on a plain socket. Reads wait at most 10 s.
final class Wire implements AutoCloseable {
    private static final int READ_MILLIS = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    Wire(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MILLIS);
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    static Wire connect(String hostAndPort) throws IOException {
        int colon = hostAndPort.lastIndexOf(':');
        return new Wire(
                new Socket(
                        hostAndPort.substring(0, colon),
                        Integer.parseInt(hostAndPort.substring(colon + 1))));
    }

    /// A two-part message as texts.
    record Message(String header, String body) {}

    /// A request as it came.
    record Request(String path, String headers, Message message) {}

    Wire sendRequest(String path, String header, String body) throws IOException {
        byte[] payload = twoPart(header, body);
        byte[] pathBytes = path.getBytes(StandardCharsets.UTF_8);
        byte[] headers = "{}".getBytes(StandardCharsets.UTF_8);
        var frame = new ByteArrayOutputStream();
        var data = new DataOutputStream(frame);
        data.writeShort(pathBytes.length);
        data.write(pathBytes);
        data.writeShort(headers.length);
        data.write(headers);
        data.writeInt(payload.length);
        data.write(payload);
        return sendRaw(frame.toByteArray());
    }

    Request readRequest() throws IOException {
        String path = text(in.readUnsignedShort());
        String headers = text(in.readUnsignedShort());
        int bytes = in.readInt();
        Message message = read();
        if (bytes != 24 + length(message.header) + length(message.body)) {
            throw new IOException("the payload's length is wrong: " + bytes);
        }
        return new Request(path, headers, message);
    }

    Wire sendReply(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
        return this;
    }

    String readReply() throws IOException {
        return text(in.readInt());
    }

    Wire sendHeader(String header) throws IOException {
        return sendRaw(twoPart(header, ""));
    }

    Wire sendBody(String body) throws IOException {
        return sendRaw(twoPart("", body));
    }

    Message read() throws IOException {
        long header = in.readLong();
        long body = in.readLong();
        if (in.readLong() != 0) {
            throw new IOException("there is a checksum");
        }
        return new Message(text((int) header), text((int) body));
    }

    String readHeader() throws IOException {
        Message message = read();
        if (!message.body.isEmpty()) {
            throw new IOException("there is a body: " + message);
        }
        return message.header;
    }

    String readBody() throws IOException {
        Message message = read();
        if (!message.header.isEmpty()) {
            throw new IOException("there is a header: " + message);
        }
        return message.body;
    }

    Wire sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    /// Whether the other side has closed, orderly or not, with nothing left to read.
    boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException _) {
            return true;
        }
    }

    /// Ends as the system ends the sockets of a process that was killed with unread bytes.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] twoPart(String header, String body) {
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        byte[] tail = body.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(24 + head.length + tail.length);
        bytes.putLong(head.length).putLong(tail.length).putLong(0).put(head).put(tail);
        return bytes.array();
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private String text(int bytes) throws IOException {
        return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    }
}
