package dev.stator.runtime.requests.tcp;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.runtime.TextEndpoint;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.Endpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// A worker that is not ours, driven by the test.
final class WorkerByHand implements AutoCloseable {
    static final Endpoint<String, String> ECHO =
            TextEndpoint.of(new EndpointId("dynamo", "backend", "generate"));
    static final String BEGUN = "{\"error\":null}";
    static final String FINAL = "{\"complete_final\":true}";
    static final String SENTINEL = "\"sentinel\"";

    private final ServerSocket requests;

    WorkerByHand() throws IOException {
        requests = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        requests.setSoTimeout(10_000);
    }

    /// As it is found in discovery.
    Instance instance() {
        String address = "127.0.0.1:" + requests.getLocalPort() + "/2a/generate";
        return Instance.of(ECHO.id(), 0x2a, Transport.tcp(address));
    }

    /// The next connection for requests.
    Wire accept() throws IOException {
        return new Wire(requests.accept());
    }

    /// Acknowledges the next request and calls its caller.
    static Wire answer(Wire requests) throws IOException {
        Wire.Request request = requests.readRequest();
        requests.sendReply("");
        return callHome(request);
    }

    static Wire callHome(Wire.Request request) throws IOException {
        JsonField info = info(request);
        return Wire.connect(info.get("address").string())
                .sendHeader(
                        "{\"subject\":\"%s\",\"stream_type\":\"response\"}"
                                .formatted(info.get("subject").string()));
    }

    /// Where the answer is awaited.
    static JsonField info(Wire.Request request) {
        JsonField control = json(request.message().header());
        return json(control.get("connection_info").get("info").string());
    }

    static JsonField json(String text) {
        return JsonField.root(Json.parse(text, JsonLimits.REQUEST));
    }

    @Override
    public void close() throws IOException {
        requests.close();
    }
}
