package dev.stator.launch.indexer;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.RawHttp;
import dev.stator.testing.RawHttp.Answer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/// An index on a free port, and what clients do with it.
final class ServedIndex implements AutoCloseable {
    private final IndexerProcess indexer;

    ServedIndex() throws IOException {
        this(IndexerLimits.of(Long.MAX_VALUE));
    }

    ServedIndex(IndexerLimits limits) throws IOException {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        indexer = IndexerProcess.open(anyPort, List.of(), limits);
    }

    /// Registers an engine of model `m` with blocks of four tokens.
    Answer register(String endpoint, String members) throws IOException {
        return post(
                "/register",
                """
                {"endpoint": "%s", "model_name": "m", "block_size": 4, %s}
                """
                        .formatted(endpoint, members));
    }

    Answer post(String path, String json) throws IOException {
        try (RawHttp client = RawHttp.connect(indexer.address().getPort())) {
            return client.post(path, json).read();
        }
    }

    Answer get(String target) throws IOException {
        try (RawHttp client = RawHttp.connect(indexer.address().getPort())) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
        }
    }

    static JsonField root(Answer answer) {
        return JsonField.root(Json.parse(answer.body(), JsonLimits.REQUEST));
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        indexer.close();
    }
}
