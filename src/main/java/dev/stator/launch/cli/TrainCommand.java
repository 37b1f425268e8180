package dev.stator.launch.cli;

import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.kvevents.KvEventsConfig;
import dev.stator.frontend.FrontendConfig;
import dev.stator.launch.ServeConfig;
import dev.stator.launch.Serving;
import dev.stator.launch.engines.EngineConfig;
import dev.stator.launch.engines.EngineSetup;
import dev.stator.launch.engines.Startup;
import dev.stator.launch.fleet.CacheKnowledge;
import dev.stator.launch.fleet.Fleets;
import dev.stator.model.ModelReference;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

/// `stator train`: serves a few requests to itself and exits, so that the JVM can record what a
/// start needs. The launcher runs it once after a build.
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {
    private static final int REQUESTS = 20;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var config =
                new ServeConfig(
                        new EngineSetup(
                                new ModelReference.Demo(),
                                Optional.empty(),
                                16,
                                new EngineConfig.Cpu(
                                        WeightFormat.BF16,
                                        OptionalInt.empty(),
                                        OptionalInt.empty(),
                                        OptionalInt.empty()),
                                2,
                                1,
                                KvEventsConfig.DISABLED),
                        new Fleets.Settings(
                                RouterConfig.DEFAULT,
                                AdmissionConfig.OFF,
                                new CacheKnowledge.None(),
                                false),
                        FrontendConfig.on(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        "dynamo_frontend");
        try (Serving serving = Serving.open(config, Startup.SILENT);
                HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < REQUESTS; i++) {
                post(client, serving.address().getPort(), i % 2 == 0);
            }
        }
        return 0;
    }

    private static void post(HttpClient client, int port, boolean stream)
            throws IOException, InterruptedException {
        String body =
                """
                {"model": "demo", "stream": %s, "max_tokens": 32,
                 "messages": [{"role": "user", "content": "What is the capital of France?"}]}
                """
                        .formatted(stream);
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(response.statusCode() + ": " + response.body());
        }
    }
}
